"""Measuring how well documents are read whose text is known."""
