"""Comparing readings by their confidence."""

from folio.models import Line, PageText, Word

# Measured on drawn and scanned empty papers whose grain was read: 0.44 at most on average, but for single letters; on
# pages of print 3 to 17 levels darker than their paper 0.78 and more, where most of it was read.
_MIN_PAGE_CONFIDENCE, _MIN_WORD_CONFIDENCE = 0.6, 0.7


def is_confident(read: PageText) -> bool:
    """Return whether an engine read something that it is sure of, and little else; True if it states no confidences."""
    if read.confidence is None:
        return bool(read.text)
    words = (word for line in read.lines for word in line.words or (line,))
    return read.confidence >= _MIN_PAGE_CONFIDENCE and any(
        confidence_of(word) >= _MIN_WORD_CONFIDENCE and sum(map(str.isalnum, word.text)) > 1 for word in words
    )


def confidence_of(read: PageText | Line | Word) -> float:
    """Return the confidence, 0 to 1; 0 for what states none."""
    return read.confidence or 0.0
