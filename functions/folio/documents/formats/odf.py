"""OpenDocument files (ISO/IEC 26300): texts, every sheet of a spreadsheet a page, and every slide of a presentation."""

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from folio.documents.formats import xml
from folio.documents.formats.archive import Archive, open_archive
from folio.documents.formats.base import Contents, Format, Limits, Start
from folio.documents.formats.flow import Break, Grid, GridBuilder, Item, Paragraph, Picture
from folio.documents.formats.numbering import formatted
from folio.documents.formats.pictures import Pictures
from folio.documents.formats.setting import Setting
from folio.documents.formats.slide import Slide
from folio.documents.formats.xml import attribute, local
from folio.errors import PasswordProtected, TooLarge
from folio.transform import Box

_TYPE = "application/vnd.oasis.opendocument."
_KINDS = ("text", "spreadsheet", "presentation")
_SKIPPED = ("tracked-changes", "sequence-decls", "forms", "notes-configuration", "bookmark", "note-citation", "desc",
            "title", "annotation-end", "table-of-content-source", "settings")  # fmt: skip
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
          "一, 二, 三, ...": "chineseCounting"}  # fmt: skip
_UNITS = {"cm": 1 / 2.54, "mm": 1 / 25.4, "in": 1.0, "pt": 1 / 72, "pc": 1 / 6, "px": 1 / 96}
_MAX_REPEATED = 1_000  # of a row or cell that says that it is there so many times
_MAX_CELLS = 300_000


class _Lists:
    """What stands before the items of lists, by their styles."""

    def __init__(self, roots: Sequence[Element]) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, str]] = {}
        for style in (one for root in roots for one in root.iter() if local(one) == "list-style"):
            for level in style:
                number, name = attribute(level, "level", "1"), attribute(style, "name")
                if number.isdigit():
                    form = attribute(level, "num-format") if local(level).endswith("number") else "•"
                    parts = form, attribute(level, "num-prefix"), attribute(level, "num-suffix")
                    self._levels[name, int(number)] = parts

    def label(self, style: str, level: int, count: int) -> str:
        form, prefix, suffix = self._levels.get((style, level), ("•", "", ""))
        if form == "•":
            return "•"
        return f"{prefix}{formatted(count, _FORMS.get(form, 'decimal'))}{suffix}" if form else ""


class _Reader:
    def __init__(self, archive: Archive, pictures: Pictures, roots: Sequence[Element]) -> None:
        self._archive, self._pictures = archive, pictures
        self._lists = _Lists(roots)
        self._after: list[Item] = []
        self._cells = 0

    def blocks(self, parent: Element) -> Iterator[Item]:
        """Yield what stands in a text, a section, a cell or a text box."""
        for element in parent:
            kind = local(element)
            if kind in ("p", "h"):
                yield from self._paragraph(element)
            elif kind == "list":
                yield from self._list(element, attribute(element, "style-name"), 1)
            elif kind == "table":
                yield from self.table(element)
            elif kind == "soft-page-break":
                yield Break()
            elif kind == "image":
                yield from self._picture(element)
            elif kind not in _SKIPPED:
                yield from self.blocks(element)

    def _paragraph(self, element: Element, label: str = "", level: int = 0) -> Iterator[Item]:
        text = (f"{label} " if label else "") + "".join(self._text(element))
        after, self._after = self._after, []
        if local(element) == "h":
            number = attribute(element, "outline-level", "1")
            yield Paragraph(text, "heading", int(number) if number.isdigit() else 1)
        else:
            yield Paragraph(text, "list_item", level) if label else Paragraph(text)
        yield from after

    def _text(self, element: Element) -> Iterator[str]:
        """Yield the text of a paragraph; notes, pictures and boxes in it come after it."""
        yield element.text or ""
        for child in element:
            kind = local(child)
            if kind == "s":
                count = attribute(child, "c", "1")
                yield " " * min(int(count) if count.isdigit() else 1, 100)
            elif kind in ("tab", "line-break"):
                yield "    " if kind == "tab" else "\n"
            elif kind in ("note", "annotation", "frame", "custom-shape", "text-box", "image"):
                self._beside(child)
            elif kind not in _SKIPPED:
                yield from self._text(child)
            yield child.tail or ""

    def _beside(self, element: Element) -> None:
        outer, self._after = self._after, []
        items = list(self._picture(element) if local(element) == "image" else self.blocks(element))
        self._after = outer + items

    def _picture(self, element: Element) -> Iterator[Item]:
        name = posixpath.normpath(attribute(element, "href"))
        if name in self._archive and (
            picture := self._pictures.add(posixpath.basename(name), self._archive.read(name))
        ):
            yield picture

    def _list(self, element: Element, style: str, level: int) -> Iterator[Item]:
        count = 0
        for item in element:
            if local(item) not in ("list-item", "list-header"):
                continue
            count += local(item) == "list-item"
            label = self._lists.label(style, level, count) if local(item) == "list-item" else ""
            for child in item:
                if local(child) == "list":
                    yield from self._list(child, attribute(child, "style-name") or style, level + 1)
                elif local(child) in ("p", "h"):
                    yield from self._paragraph(child, label, level)
                    label = ""

    def table(self, element: Element) -> Iterator[Item]:
        grid, after = GridBuilder(), list[Item]()
        headers = 0
        for row, is_header in _rows(element):
            cells = list(self._row(row, after))
            if not any(text for text, _, _ in cells):
                continue
            headers += is_header
            grid.row()
            for text, down, across in cells:
                grid.cell(text, rows=down, columns=across)
        if matched := grid.finish():
            yield Grid(matched.cells, headers)
        yield from after

    def _row(self, row: Element, after: list[Item]) -> Iterator[tuple[str, int, int]]:
        """Yield the text of each cell, and how many rows and columns it spans; not the empty ones at the end."""
        cells: list[tuple[str, int, int]] = []
        for cell in row:
            if local(cell) != "table-cell":
                continue
            items = list(self.blocks(cell))
            text = "\n".join(one.text for one in items if isinstance(one, Paragraph) and one.text.strip())
            after += [one for one in items if not isinstance(one, Paragraph | Break)]
            repeated = min(_number(cell, "number-columns-repeated"), _MAX_REPEATED)
            across, down = _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned")
            cells += [(text, down, across)] * repeated
        while cells and not cells[-1][0]:
            cells.pop()
        self._cells += len(cells)
        if self._cells > _MAX_CELLS:
            raise TooLarge(f"The document has tables of more than {_MAX_CELLS} cells.")
        yield from cells

    def slide(self, element: Element, inches: tuple[float, float]) -> tuple[Slide, list[Picture]]:
        """Return a slide, its texts where their frames stand."""
        slide, pictures = Slide(inches), list[Picture]()
        for frame in (one for one in element if local(one) != "notes"):
            items = list(self.blocks(frame))
            texts = [one.text for one in items if isinstance(one, Paragraph) and one.text.strip()]
            slide.write(texts, _box(frame), is_title=attribute(frame, "class") == "title")
            for grid in (one for one in items if isinstance(one, Grid)):
                slide.write_grid(grid, _box(frame))
            pictures += [one for one in items if isinstance(one, Picture)]
        for notes in (one for one in element if local(one) == "notes"):
            slide.below([one.text for one in self.blocks(notes) if isinstance(one, Paragraph) and one.text.strip()])
        return slide, pictures


def _rows(table: Element, *, is_header: bool = False) -> Iterator[tuple[Element, bool]]:
    for child in table:
        kind = local(child)
        if kind == "table-row":
            yield from [(child, is_header)] * min(_number(child, "number-rows-repeated"), _MAX_REPEATED)
        elif kind in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(child, is_header=is_header or kind == "table-header-rows")


def _number(element: Element, name: str) -> int:
    value = attribute(element, name, "1")
    return int(value) if value.isdigit() and len(value) < 12 else 1


def _inches(value: str) -> float:
    try:
        return float(value[:-2]) * _UNITS[value[-2:]]
    except (KeyError, ValueError):
        return 0.0


def _box(element: Element) -> Box | None:
    left, top, width, height = (_inches(attribute(element, name)) for name in ("x", "y", "width", "height"))
    return (left, top, left + width, top + height) if width > 0 and height > 0 else None


def _slide_size(roots: Sequence[Element]) -> tuple[float, float]:
    for element in (one for root in roots for one in root.iter() if local(one) == "page-layout-properties"):
        width, height = (_inches(attribute(element, name)) for name in ("page-width", "page-height"))
        if width > 0 and height > 0:
            return width, height
    return 11.0, 8.25


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    with open_archive(path, limits) as archive:
        if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise PasswordProtected("The document is locked with a password.")
        kind = archive.read("mimetype").decode("ascii", "replace").strip()
        names = [name for name in ("styles.xml", "content.xml") if name in archive]
        roots = [xml.parse(archive.read(name)) for name in names]
        body = next((one for one in roots[-1].iter() if local(one) == "body"), roots[-1])
        pictures = Pictures(folder)
        setting = Setting(folder / "set", limits, tall="spreadsheet" in kind)
        _fill(setting, _Reader(archive, pictures, roots), body, roots)
        return setting.finish(kind, pictures.warnings())


def _fill(setting: Setting, reader: _Reader, body: Element, roots: Sequence[Element]) -> None:
    for document in body:
        if local(document) == "spreadsheet":
            for sheet in (one for one in document if local(one) == "table"):
                setting.put(Paragraph(attribute(sheet, "name"), "heading", 1))
                setting.put_all(reader.table(sheet))
                setting.end_page()
        elif local(document) == "presentation":
            for page in (one for one in document if local(one) == "page"):
                slide, pictures = reader.slide(page, _slide_size(roots))
                setting.put_page(slide.page(), pictures)
        else:
            setting.put_all(reader.blocks(document))


def _is_odf(start: Start) -> bool:
    kind = start.mimetype.removeprefix(_TYPE)
    return (
        start.mimetype.startswith(_TYPE) and kind.removesuffix("-template") in _KINDS and "content.xml" in start.names
    )


FORMAT = Format(
    name="OpenDocument (.odt, .ods, .odp)",
    media_types=tuple(_TYPE + kind for kind in _KINDS),
    suffixes=(".odt", ".ods", ".odp", ".ott", ".ots", ".otp"),
    is_one=_is_odf,
    unpack=_unpack,
)
