"""Boxes and spacing of recognized text."""
