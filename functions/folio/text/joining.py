"""Joining lines into running text."""

import re
from collections.abc import Iterable

from folio.text.spacing import is_wide

# A hyphen, also a soft or a typographic one, after two letters at the end of a line: its word goes on in the next one.
_DIVIDED = re.compile(r"[^\W\d_]{2}[-\u00ad\u2010\u00ac]$")


def is_divided(text: str, line: str) -> bool:
    """Return whether a text ends within a word with which a line goes on."""
    return _DIVIDED.search(text) is not None and line[:1].islower()


def append_line(text: str, line: str) -> str:
    """Append a line to a text: a divided word is made whole, Chinese goes on without a space."""
    if not text or not line:
        return text + line
    if is_divided(text, line):
        return text[:-1] + line
    return text + line if is_wide(text[-1]) and is_wide(line[0]) else f"{text} {line}"


def join_lines(lines: Iterable[str]) -> str:
    """Return lines as one running text, white space within them collapsed."""
    text = ""
    for line in lines:
        text = append_line(text, " ".join(line.split()))
    return text
