"""Comparing readings by their confidence."""

from folio.models import Line, PageText, Word


def confidence_of(read: PageText | Line | Word) -> float:
    """Return the confidence, 0 to 1; 0 for what states none."""
    return read.confidence or 0.0
