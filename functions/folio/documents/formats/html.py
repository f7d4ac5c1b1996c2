"""HTML: what a browser would show as text, in its paragraphs, headings, lists and tables, and the pictures within it.

Nothing is fetched: pictures that lie elsewhere are not read, those in the file (data URLs) are.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from folio.documents.formats.base import Contents, Format, Limits, Start
from folio.documents.formats.encodings import decoded
from folio.documents.formats.flow import Grid, GridBuilder, Item, Paragraph
from folio.documents.formats.pictures import Pictures
from folio.documents.formats.setting import Setting
from folio.errors import TooLarge
from folio.models import BlockKind

MEDIA_TYPE = "text/html"
_MAX_BYTES = 50_000_000
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([\w.-]{2,40})""")
_START = re.compile(
    rb"^\s*(<\?xml[^>]*>\s*|<!--.{0,2000}?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_HIDDEN = ("script", "style", "template", "noscript", "svg", "math", "object", "iframe", "select", "textarea")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "title", "tr", "ul",
))  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n\f]+")

type FindPicture = Callable[[str], bytes | None]  # of the address that an image names


class _Reader(HTMLParser):
    """Turns tags into items. What is open is a stack, so that a file without end tags takes no more than one with."""

    def __init__(self, pictures: Pictures, find: FindPicture) -> None:
        super().__init__(convert_charrefs=True)
        self.items: list[Item] = []
        self._pictures, self._find = pictures, find
        self._text: list[str] = []
        self._hidden = 0
        self._pre = 0
        self._kind: BlockKind = "paragraph"
        self._level: int | None = None
        self._lists: list[int | None] = []
        self._label = ""
        self._tables: list[_Table] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if self._hidden or tag in _HIDDEN or "hidden" in values or _HIDDEN_STYLE.search(values.get("style", "")):
            self._hidden += tag not in _VOID
            return
        if tag == "br":
            self._text.append("\n")
        elif tag == "img":
            self._image(values)
        elif tag in _BLOCKS:
            self._open(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= tag not in _VOID
        elif tag in _BLOCKS:
            self._close(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text.append(data if self._pre else _SPACES.sub(" ", data))

    def _open(self, tag: str, values: dict[str, str]) -> None:
        self._flush()
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._kind, self._level = "heading", int(tag[1])
        elif tag == "title":
            self._hidden += 1  # it is not on the page
        elif tag == "pre":
            self._pre += 1
        elif tag in ("ul", "ol"):
            self._lists.append(int(values["start"]) if tag == "ol" and values.get("start", "").isdigit() else
                               1 if tag == "ol" else None)  # fmt: skip
        elif tag == "li":
            self._item()
        elif tag == "table":
            self._tables.append(_Table())
        elif self._tables:
            self._tables[-1].open(tag, values)

    def _item(self) -> None:
        number = self._lists[-1] if self._lists else None
        self._label = "• " if number is None else f"{number}. "
        if number is not None:
            self._lists[-1] = number + 1
        self._kind, self._level = "list_item", max(len(self._lists), 1)

    def _close(self, tag: str) -> None:
        self._flush()
        if tag == "pre":
            self._pre = max(0, self._pre - 1)
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "table" and self._tables:
            self._end_table()
        elif self._tables and tag in ("td", "th", "tr"):
            self._tables[-1].close()

    def _flush(self) -> None:
        """End the paragraph that was begun."""
        text = "".join(self._text)
        self._text.clear()
        if not self._pre:
            text = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
        if text.strip():
            if self._tables and self._tables[-1].is_in_cell:
                self._tables[-1].add(self._label + text)
            else:
                self.items.append(Paragraph(self._label + text, self._kind, self._level))
            self._label = ""
        if not self._label:
            self._kind, self._level = "paragraph", None

    def _end_table(self) -> None:
        table = self._tables.pop()
        table.close()
        if self._tables and self._tables[-1].is_in_cell:  # in a cell of another, mostly one that only lays out a page
            for row in table.rows():
                self._tables[-1].add(row)
        else:
            self.items += table.items()

    def _image(self, values: dict[str, str]) -> None:
        source = values.get("src", "").strip()
        data = _data_of(source) if source.startswith("data:") else self._find(source)
        picture = self._pictures.add(_name_of(source), data) if data else None
        if picture:
            self.items.append(picture)
        elif alternative := values.get("alt", "").strip():
            self._text.append(f" {alternative} ")

    def close(self) -> None:
        super().close()
        self._flush()
        while self._tables:
            self._end_table()


class _Table:
    def __init__(self) -> None:
        self._grid = GridBuilder()
        self._texts: list[str] = []
        self._span = (1, 1)
        self.is_in_cell = self._is_header = self._has_rows = False
        self._plain: list[list[str]] = []

    def open(self, tag: str, values: dict[str, str]) -> None:
        if tag in ("tr", "td", "th"):
            self.close()
        if tag == "tr":
            self._grid.row()
            self._plain.append([])
        elif tag in ("td", "th"):
            if not self._plain:
                self.open("tr", {})
            rows, columns = (values.get(name, "1") for name in ("rowspan", "colspan"))
            self._span = int(rows) if rows.isdigit() else 1, int(columns) if columns.isdigit() else 1
            self.is_in_cell, self._is_header = True, tag == "th"

    def add(self, text: str) -> None:
        self._texts.append(text)

    def close(self) -> None:
        """End the cell that is open."""
        if self.is_in_cell:
            text = "\n".join(self._texts)
            self._grid.cell(text, rows=self._span[0], columns=self._span[1], is_header=self._is_header)
            self._plain[-1].append(text)
        self._texts.clear()
        self.is_in_cell = False

    def rows(self) -> Iterator[str]:
        return (" ".join(filter(None, row)) for row in self._plain)

    def items(self) -> list[Item]:
        """Return the table; as paragraphs where it has one column and only lays out the page."""
        if all(len(row) <= 1 for row in self._plain):
            return [Paragraph(text) for row in self._plain for text in row if text.strip()]
        matched: Grid | None = self._grid.finish()
        return [matched] if matched else []


def items_of(text: str, pictures: Pictures, find: FindPicture = lambda _address: None) -> list[Item]:
    """Return what HTML shows; `find` returns pictures that lie beside it, by their addresses."""
    reader = _Reader(pictures, find)
    reader.feed(text)
    reader.close()
    return reader.items


def decoded_html(data: bytes, declared: str = "") -> str:
    """Return HTML as text, in the encoding that its transport or it itself declares."""
    declaration = _CHARSET.search(data[:4096]) or _XML_ENCODING.match(data[:512])
    return decoded(data, declared or (declaration[1].decode("ascii", "replace") if declaration else ""))


def _data_of(address: str) -> bytes | None:
    head, _, data = address.partition(",")
    if not head.endswith(";base64"):
        return None
    try:
        return base64.b64decode("".join(data.split()))
    except (binascii.Error, ValueError):
        return None


def _name_of(address: str) -> str:
    return "picture" if address.startswith("data:") else address.rpartition("/")[2][:200] or "picture"


def _is_html(start: Start) -> bool:
    return _START.match(start.data.removeprefix(b"\xef\xbb\xbf")[:8192]) is not None


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    if path.stat().st_size > _MAX_BYTES:
        raise TooLarge(f"The page has more than the {_MAX_BYTES} bytes allowed.")
    pictures = Pictures(folder)
    setting = Setting(folder / "set", limits)
    setting.put_all(items_of(decoded_html(path.read_bytes()), pictures))
    return setting.finish(MEDIA_TYPE, pictures.warnings())


FORMAT = Format(
    name="HTML", media_types=(MEDIA_TYPE, "application/xhtml+xml"), suffixes=(".html", ".htm", ".xhtml"),
    is_one=_is_html, unpack=_unpack, by_suffix=True,
)  # fmt: skip
