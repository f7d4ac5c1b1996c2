"""Tesseract, and the second pass over what it read with doubt."""
