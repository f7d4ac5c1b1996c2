"""Formats of files that are neither PDFs nor pictures: one module for each, listed in `registry`."""
