"""What all writers of outputs share: pages go in one by one, a file comes out."""

import math
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Protocol

from folio.models import Line, Page, Word
from folio.text.spacing import is_wide
from folio.transform import Polygon, bounds

_MIN_DOWN_RATIO = 1.5  # of height to width, of a line that is written downwards


class Writer(Protocol):
    """Takes pages in rising order and holds no more than one; `warnings` are for the result."""

    warnings: list[str]

    def add(self, page: Page) -> None: ...

    def finish(self) -> Path | None:
        """Return the whole file, or None if none could be made: the warnings then say why."""
        ...


class TextFile:
    """A UTF-8 file that is written page by page."""

    def __init__(self, path: Path) -> None:
        self.warnings: list[str] = []
        self._path = path
        # Ends of lines as we write them, on every system.
        self._file = path.open("w", encoding="utf-8", newline="")

    def write(self, text: str) -> None:
        self._file.write(text)

    def finish(self) -> Path:
        self._file.close()
        return self._path


def words_of(line: Line) -> tuple[Word, ...]:
    """Return a line's words, or the line as one word where an engine gives only lines."""
    words = tuple([word for word in line.words if word.text.strip()])
    return words or (Word(line.text, line.confidence, line.polygon),)


def spaced(line: Line) -> list[tuple[Word, bool]]:
    """Return a line's words, each with whether the line's text has a space after it."""
    words = words_of(line)
    pairs, offset = [], 0
    for word, after in zip(words, (*words[1:], None), strict=True):
        start = line.text.find(word.text, offset)
        offset = offset if start < 0 else start + len(word.text)
        rest = line.text[offset:]
        if after is None:
            pairs.append((word, False))
        elif start >= 0 and rest.lstrip().startswith(after.text):
            pairs.append((word, rest[:1].isspace()))
        else:  # the words are not those of the text
            pairs.append((word, not (is_wide(word.text[-1]) and is_wide(after.text[0]))))
    return pairs


def is_written_down(line: Line) -> bool:
    """Return whether a line is a column of Chinese characters."""
    p, q, _, s = line.polygon
    tall = math.dist(p, s) > _MIN_DOWN_RATIO * math.dist(p, q)
    return tall and len(line.text) > 1 and all(is_wide(character) for character in line.text if not character.isspace())


def whole_box(polygons: Iterable[Polygon]) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom around polygons, in whole pixels."""
    left, top, right, bottom = bounds(*polygons)
    return int(left), int(top), -int(-right // 1), -int(-bottom // 1)


def xml_text(text: str) -> str:
    """Escape text for XML, attribute values included; what XML 1.0 cannot represent becomes U+FFFD."""
    return escape("".join(character if _in_xml(character) else "\ufffd" for character in text))


def _in_xml(character: str) -> bool:
    if character in "\t\n\r" or character > "\uffff":
        return True
    return " " <= character <= "\ud7ff" or "\ue000" <= character <= "\ufffd"
