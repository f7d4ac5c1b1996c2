"""Plain text in whatever encoding it is."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from folio.documents.formats.base import Contents, Format, Limits, Start
from folio.documents.formats.encodings import MARKS, WIDER, decoded, guessed_encoding
from folio.documents.formats.flow import Break, Item, Paragraph
from folio.documents.formats.setting import Setting
from folio.errors import DamagedDocument, TooLarge

MEDIA_TYPE = "text/plain"
_MAX_BYTES = 50_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")  # what no text has; ESC colors a terminal's
_COLOR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_MIN_LEGIBLE = 0.9  # of the characters of a text without a mark, told apart from other bytes by chance
_MIN_ZEROS = 0.1  # of the bytes of text in UTF-16 without a mark: letters, figures and spaces have one each
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def is_text(start: Start) -> bool:
    """Return whether a file is text: it decodes, and has no characters that text does not have."""
    name = next((name for prefix, name in MARKS.items() if start.data.startswith(prefix)), "utf-8")
    text = _begun(start.data, name)
    if name == "utf-8" and (text is None or "\0" in text) and (name := guessed_encoding(start.data)):
        text = _begun(start.data, WIDER.get(name.lower(), name))
        if text is not None and sum(map(_is_legible, text)) < _MIN_LEGIBLE * len(text):
            return False
        if name.lower().startswith(("utf-16", "utf-32")) and start.data.count(0) < _MIN_ZEROS * len(start.data):
            return False
    return bool(text) and not _CONTROL.search(text or "")


def _begun(data: bytes, encoding: str) -> str | None:
    """Decode bytes that may break off within a character; None if they are not of that encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data)
    except (LookupError, UnicodeDecodeError):
        return None


def _is_legible(character: str) -> bool:
    return character.isprintable() or character.isspace()


def paragraphs(text: str) -> Iterator[Item]:
    """Yield the paragraphs of a text, whose lines stay lines; a form feed ends a page."""
    plain = _COLOR.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    for number, page in enumerate(plain.split("\f")):
        if number:
            yield Break()
        for part in _BLANK_LINES.split(page):
            yield Paragraph(part.strip("\n").expandtabs(4))


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    if path.stat().st_size > _MAX_BYTES:
        raise TooLarge(f"The text has more than the {_MAX_BYTES} bytes allowed.")
    text = decoded(path.read_bytes())
    if _CONTROL.search(text):
        raise DamagedDocument("The text is damaged: bytes in it are no characters.")
    setting = Setting(folder / "set", limits)
    setting.put_all(paragraphs(text))
    return setting.finish(MEDIA_TYPE)


FORMAT = Format(
    name="plain text", media_types=(MEDIA_TYPE,), suffixes=(".txt", ".text", ".md", ".csv", ".log"), is_one=is_text,
    unpack=_unpack, by_suffix=True,
)  # fmt: skip
