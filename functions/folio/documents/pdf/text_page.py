"""The text layer of a page as pdftotext gives it, and its markup."""

import html
import re
from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from folio.errors import EngineFailed

# No number has an n in it, but nan and inf have. Words are escaped: their text holds no tag.
_NUMBER = '="([^"n]+)"'
_PAGE = re.compile(f"<page width{_NUMBER} height{_NUMBER}")
_WORD = re.compile(f"<word xMin{_NUMBER} yMin{_NUMBER} xMax{_NUMBER} yMax{_NUMBER}>([^<]*)</word>")


class TextBox(Struct, frozen=True, gc=False):
    """A word of a text layer; its box (left, top, right, bottom) comes from the font, in points of the page as seen."""

    text: str
    box: tuple[float, float, float, float]


class TextPage(Struct, frozen=True):
    """The text layer of one page: blocks of lines of words as poppler groups them. Points, from the top left corner.

    `physical` is its `physical_text` where that was asked for; `is_vertical` says that Chinese is written downwards.
    """

    width: float
    height: float
    blocks: list[list[list[TextBox]]]
    physical: str = ""
    is_vertical: bool = False

    def lines(self) -> list[list[TextBox]]:
        return [line for block in self.blocks for line in block]

    def words(self) -> list[TextBox]:
        return [word for block in self.blocks for line in block for word in line]

    def changed(self, change: Callable[[TextBox], TextBox | None]) -> "TextPage":
        """Return the page with its words changed, in order, and without those that `change` returns None for."""
        blocks = ([[new for word in line if (new := change(word))] for line in block] for block in self.blocks)
        filled = ([line for line in block if line] for block in blocks)
        return replace(self, blocks=[block for block in filled if block])


def parse_pages(markup: str) -> Iterator[TextPage]:
    """Read pdftotext's own few tags and no others: control characters in words make it invalid XML."""
    for page in markup.split("</page>")[:-1]:
        if (size := _PAGE.search(page)) is None:
            raise EngineFailed("pdftotext left a page without a size.")
        blocks = [[_words(line) for line in block.split("<line ")[1:]] for block in page.split("<block ")[1:]]
        blocks = blocks or [[words] for words in [_words(page)] if words]  # asked for without lines
        yield TextPage(float(size[1]), float(size[2]), blocks)


def _words(line: str) -> list[TextBox]:
    return [
        TextBox(html.unescape(text) if "&" in text else text, (float(left), float(top), float(right), float(bottom)))
        for left, top, right, bottom, text in _WORD.findall(line)
    ]
