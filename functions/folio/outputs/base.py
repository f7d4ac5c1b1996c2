"""What a writer of one kind of output is: pages go in one by one, a file comes out."""

import math
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Protocol

from folio.models import Line, Page, Word
from folio.text.spacing import is_wide
from folio.transform import Polygon, bounds

_TALL = 1.5  # a line this much higher than wide is written downwards


class Writer(Protocol):
    """Takes pages in rising order and holds no more than one; `warnings` are for the result."""

    warnings: list[str]

    def add(self, page: Page) -> None: ...

    def finish(self) -> Path | None:
        """The whole file, or None where there can be none: the warnings then say why."""
        ...


class TextFile:
    """A UTF-8 file that grows."""

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
    """Its words, or where an engine gives lines only, the line as one."""
    return tuple(word for word in line.words if word.text.strip()) or (Word(line.text, line.confidence, line.polygon),)


def spaced(line: Line) -> list[tuple[Word, bool]]:
    """Its words, each with whether the line's text has a space after it."""
    words = words_of(line)
    found, place = [], 0
    for word, after in zip(words, (*words[1:], None), strict=True):
        start = line.text.find(word.text, place)
        place = place if start < 0 else start + len(word.text)
        rest = line.text[place:]
        if after is None:
            found.append((word, False))
        elif start >= 0 and rest.lstrip().startswith(after.text):
            found.append((word, rest[:1].isspace()))
        else:  # the words are not those of the text
            found.append((word, not (is_wide(word.text[-1]) and is_wide(after.text[0]))))
    return found


def is_written_down(line: Line) -> bool:
    """Whether a line is a column of Chinese characters."""
    p, q, _, s = line.polygon
    tall = math.dist(p, s) > _TALL * math.dist(p, q)
    return tall and len(line.text) > 1 and all(is_wide(letter) for letter in line.text if not letter.isspace())


def whole_box(polygons: Iterable[Polygon]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom around polygons, in whole pixels."""
    left, top, right, bottom = bounds(*polygons)
    return int(left), int(top), -int(-right // 1), -int(-bottom // 1)


def xml_text(text: str) -> str:
    """Text inside XML, attribute values included; what XML 1.0 has no way to say becomes U+FFFD."""
    return escape("".join(letter if _in_xml(letter) else "\ufffd" for letter in text))


def _in_xml(letter: str) -> bool:
    return letter in "\t\n\r" or " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter > "\uffff"
