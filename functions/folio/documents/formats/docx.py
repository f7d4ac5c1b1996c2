"""Word files: paragraphs, lists, tables, notes, text boxes and pictures, in the order of the text (ECMA-376-1, 17).

What was deleted while changes were tracked is left out, and so are field codes. A page ends where the author, or Word
when it saved the file, says so.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from folio.documents.formats import office, xml
from folio.documents.formats.archive import open_archive
from folio.documents.formats.base import Contents, Format, Limits
from folio.documents.formats.flow import Break, Grid, GridBuilder, Item, Paragraph
from folio.documents.formats.numbering import Numbering
from folio.documents.formats.office import Parts
from folio.documents.formats.pictures import Pictures
from folio.documents.formats.setting import Setting
from folio.documents.formats.xml import attribute, local
from folio.models import BlockKind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_SKIPPED = ("del", "moveFrom", "delText", "instrText", "pPr", "rPr", "Fallback", "sectPr", "tblPr", "trPr", "tcPr")
_MARKS = {"br": "\n", "tab": "\t", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}


class _Styles:
    """What paragraphs are by their styles: headings, titles, and items of lists."""

    def __init__(self, parts: Parts, main: str) -> None:
        self._names: dict[str, str] = {}
        self._based: dict[str, str] = {}
        self._levels: dict[str, int] = {}
        self.lists: dict[str, tuple[str, int]] = {}
        for name in parts.related(main, "styles"):
            for style in xml.parse(parts.archive.read(name)):
                if local(style) == "style":
                    self._add(style)

    def _add(self, style: "Element") -> None:
        number = attribute(style, "styleId")
        for child in style.iter():
            kind, value = local(child), attribute(child, "val")
            if kind == "name":
                self._names.setdefault(number, value.lower())
            elif kind == "basedOn":
                self._based[number] = value
            elif kind == "outlineLvl" and value.isdigit():
                self._levels[number] = int(value)
        if matched := _list_of(style):
            self.lists[number] = matched

    def of(self, style: str) -> tuple[BlockKind, int | None]:
        """Return the kind of a paragraph of a style, and its level."""
        for _ in range(10):
            name = self._names.get(style, style.lower())
            if name == "title":
                return "title", None
            if name.startswith("heading ") and name[8:].isdigit():
                return "heading", int(name[8:])
            if 0 <= self._levels.get(style, 9) < 9:
                return "heading", self._levels[style] + 1
            if style not in self._based:
                break
            style = self._based[style]
        return "paragraph", None

    def list_of(self, style: str) -> tuple[str, int] | None:
        for _ in range(10):
            if style in self.lists:
                return self.lists[style]
            if style not in self._based:
                return None
            style = self._based[style]
        return None


def _list_of(holder: "Element") -> tuple[str, int] | None:
    """Return the number of the list that a paragraph or a style is in, and the level."""
    properties = next((one for one in holder.iter() if local(one) == "numPr"), None)
    if properties is None:
        return None
    values = {local(one): attribute(one, "val") for one in properties}
    level = values.get("ilvl", "0")
    return values.get("numId", ""), int(level) if level.isdigit() else 0


class _Reader:
    def __init__(self, parts: Parts, main: str, pictures: Pictures) -> None:
        self._parts, self._main, self._pictures = parts, main, pictures
        self._styles = _Styles(parts, main)
        numbering = [xml.parse(parts.archive.read(name)) for name in parts.related(main, "numbering")]
        self._numbering = Numbering(numbering)

    def items(self) -> Iterator[Item]:
        """Yield all that stands in the document: heads, its text, feet, and notes."""
        yield from self._beside("header")
        yield from self._body(self._main, "body")
        yield from self._beside("footer")
        for kind, element in (("footnotes", "footnote"), ("endnotes", "endnote"), ("comments", "comment")):
            for name in self._parts.related(self._main, kind):
                for note in xml.parse(self._parts.archive.read(name)):
                    if local(note) == element and attribute(note, "type") not in ("separator", "continuationSeparator"):
                        for child in note:
                            yield from self._block(child, name)

    def _beside(self, kind: BlockKind) -> Iterator[Item]:
        """Yield heads or feet, of which a document has many that say the same."""
        texts: set[str] = set()
        for name in self._parts.related(self._main, kind):
            for child in xml.parse(self._parts.archive.read(name)):
                for item in self._block(child, name):
                    if not isinstance(item, Paragraph):
                        yield item
                    elif item.text not in texts:
                        texts.add(item.text)
                        yield Paragraph(item.text, kind)

    def _body(self, name: str, parent: str) -> Iterator[Item]:
        with self._parts.archive.opened(name) as file:
            start = file.read(4000)
        space = _STRICT if _STRICT[1:-1].encode() in start else _W
        with self._parts.archive.opened(name) as file:
            for child in xml.stream(file, space + parent):
                yield from self._block(child, name)

    def _block(self, element: "Element", part: str) -> Iterator[Item]:
        kind = local(element)
        if kind == "p":
            yield from self._paragraph(element, part)
        elif kind == "tbl":
            yield from self._table(element, part)
        elif kind not in _SKIPPED:
            for child in element:
                yield from self._block(child, part)

    def _paragraph(self, element: "Element", part: str) -> Iterator[Item]:
        properties = next((one for one in element if local(one) == "pPr"), None)
        style = (
            ""
            if properties is None
            else next((attribute(one, "val") for one in properties if local(one) == "pStyle"), "")
        )
        kind, level = self._styles.of(style)
        matched = (None if properties is None else _list_of(properties)) or self._styles.list_of(style)
        label = self._numbering.label(*matched) if matched else ""
        if matched and label and kind == "paragraph":
            kind, level = "list_item", matched[1] + 1
        if properties is not None and any(local(one) == "pageBreakBefore" for one in properties):
            yield Break()
        text: list[str] = [f"{label} "] if label else []
        after: list[Item] = []
        for entry in self._runs(element, part, after):
            if entry is None:
                yield _paragraph("".join(text), kind, level)
                yield Break()
                text = []
            else:
                text.append(entry)
        yield _paragraph("".join(text), kind, level)
        yield from after

    def _runs(self, element: "Element", part: str, after: list[Item]) -> Iterator[str | None]:
        """Yield the text in a paragraph, None where a page ends; what stands beside it goes to `after`."""
        for child in element:
            kind = local(child)
            if kind in _SKIPPED:
                continue
            if kind == "txbxContent":
                for block in child:
                    after += self._block(block, part)
            elif kind in ("blip", "imagedata"):
                after += self._picture(child, part)
            elif kind == "lastRenderedPageBreak" or (kind == "br" and attribute(child, "type") == "page"):
                yield None
            elif (text := _text_of(kind, child)) is not None:
                yield text
            else:
                yield from self._runs(child, part, after)

    def _picture(self, element: "Element", part: str) -> Iterator[Item]:
        number = attribute(element, "embed") or attribute(element, "id")
        _, target = self._parts.relations(part).get(number, ("", ""))
        if target in self._parts.archive:
            picture = self._pictures.add(target.rpartition("/")[2], self._parts.archive.read(target))
            yield from [picture] if picture else []

    def _table(self, element: "Element", part: str) -> Iterator[Item]:
        grid, after = GridBuilder(), list[Item]()
        rows = [_cells(row) for row in _within(element, "tr")]
        for number, row in enumerate(rows):
            grid.row()
            for column, span, merge, cell in row:
                if merge == "continue":
                    continue
                below = _rows_below(rows[number + 1 :], column) if merge == "restart" else 0
                items = [item for child in cell for item in self._block(child, part)]
                text = "\n".join(one.text for one in items if isinstance(one, Paragraph) and one.text.strip())
                after += [one for one in items if not isinstance(one, Paragraph | Break)]
                grid.cell(text, rows=1 + below, columns=span)
        headers = sum(1 for row in _within(element, "tr") if _is_header(row))
        if matched := grid.finish():
            yield Grid(matched.cells, headers)
        yield from after


_WRAPPERS = ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")

type _Cell = tuple[int, int, str, "Element"]  # column, how many it spans, what is merged with the row above


def _within(element: "Element", kind: str) -> Iterator["Element"]:
    """Yield the rows of a table or the cells of a row, and none of a table within."""
    for child in element:
        if local(child) == kind:
            yield child
        elif local(child) in _WRAPPERS:
            yield from _within(child, kind)


def _cells(row: "Element") -> list[_Cell]:
    column = _number(row, "gridBefore", 0)
    cells = []
    for cell in _within(row, "tc"):
        span, merge = _number(cell, "gridSpan", 1), ""
        for properties in cell:
            for one in properties if local(properties) == "tcPr" else ():
                if local(one) == "vMerge":
                    merge = attribute(one, "val", "continue")
        cells.append((column, span, merge, cell))
        column += span
    return cells


def _number(element: "Element", name: str, default: int) -> int:
    """Return a number among the properties of a row or cell."""
    for properties in element:
        if local(properties) in ("trPr", "tcPr"):
            for one in properties:
                if local(one) == name and attribute(one, "val").isdigit():
                    return min(int(attribute(one, "val")), 63)  # the most columns of a table in Word
    return default


def _rows_below(rows: Sequence[list[_Cell]], column: int) -> int:
    """Return how many rows go on with a cell that begins above them."""
    below = 0
    for row in rows:
        if not any(one == column and merge == "continue" for one, _, merge, _ in row):
            break
        below += 1
    return below


def _is_header(row: "Element") -> bool:
    return any(local(one) == "tblHeader" for properties in row if local(properties) == "trPr" for one in properties)


def _paragraph(text: str, kind: BlockKind, level: int | None) -> Paragraph:
    return Paragraph(text.replace("\t", "    "), kind, level if kind in ("heading", "list_item") else None)


def _text_of(kind: str, element: "Element") -> str | None:
    """Return the text that an element of a run stands for; None if it is none of them."""
    if kind == "t":
        return element.text or ""
    if kind == "sym":
        return _symbol(attribute(element, "char"))
    return _MARKS.get(kind) if not len(element) else None


def _symbol(code: str) -> str:
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return "•" if 0xF000 <= value <= 0xF0FF else chr(value) if 0x20 <= value < 0xD800 else ""


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    with open_archive(path, limits) as archive:
        parts, pictures = Parts(archive), Pictures(folder)
        setting = Setting(folder / "set", limits)
        setting.put_all(_Reader(parts, parts.main("word/document.xml"), pictures).items())
        return setting.finish(MEDIA_TYPE, pictures.warnings())


FORMAT = Format(
    name="Word (.docx)",
    media_types=(MEDIA_TYPE,),
    suffixes=(".docx", ".docm"),
    is_one=lambda start: office.is_office(start, "word"),
    unpack=_unpack,
)
