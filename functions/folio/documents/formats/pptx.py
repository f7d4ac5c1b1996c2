"""PowerPoint presentations: every slide a page, its texts where their shapes stand (ECMA-376-1, 19)."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from folio.documents.formats import office, xml
from folio.documents.formats.archive import open_archive
from folio.documents.formats.base import Contents, Format, Limits
from folio.documents.formats.flow import Picture
from folio.documents.formats.office import Parts
from folio.documents.formats.pictures import Pictures
from folio.documents.formats.setting import Setting
from folio.documents.formats.slide import Slide
from folio.documents.formats.xml import attribute, local
from folio.transform import Box

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_EMU = 914_400  # in an inch
_TITLES = ("title", "ctrTitle")


class _Presentation:
    def __init__(self, parts: Parts, pictures: Pictures) -> None:
        self.parts, self._pictures = parts, pictures
        self.main = parts.main("ppt/presentation.xml")
        root = xml.parse(parts.archive.read(self.main))
        size = next((one for one in root if local(one) == "sldSz"), None)
        across, down = (_number(size, name) for name in ("cx", "cy"))
        self.inches = (across / _EMU or 10.0, down / _EMU or 7.5)
        self._numbers = [_relation(one) for one in root.iter() if local(one) == "sldId"]

    def slides(self) -> Iterator[str]:
        """Yield the names of the slides' parts, in their order."""
        relations = self.parts.relations(self.main)
        for number in self._numbers:
            kind, part = relations.get(number, ("", ""))
            if kind == "slide" and part in self.parts.archive:
                yield part

    def read(self, part: str) -> tuple[Slide, list[Picture]]:
        """Return a slide with its notes, and the pictures on it."""
        slide, pictures = Slide(self.inches), list[Picture]()
        layout = self._places(part)
        root = xml.parse(self.parts.archive.read(part))
        for shape in (shape for one in root.iter() if local(one) == "spTree" for shape in _shapes(one)):
            if local(shape) == "sp":
                self._text(shape, slide, layout)
            elif local(shape) == "graphicFrame":
                _tables(shape, slide)
            pictures += self._pictures_in(shape, part)
        self._notes(part, slide)
        return slide, pictures

    def _pictures_in(self, shape: "Element", part: str) -> list[Picture]:
        blips = (one for one in shape.iter() if local(one) == "blip")
        matched = (office.picture_of(self.parts, part, blip, self._pictures) for blip in blips)
        return [picture for picture in matched if picture]

    def _notes(self, part: str, slide: Slide) -> None:
        for notes in self.parts.related(part, "notesSlide"):
            for shape in xml.parse(self.parts.archive.read(notes)).iter():
                if local(shape) == "sp" and _placeholder(shape)[0] == "body":
                    for body in (one for one in shape if local(one) == "txBody"):
                        slide.below(list(office.shape_texts(body)))

    def _places(self, part: str) -> dict[tuple[str, str], Box]:
        """Return where a slide's layout has its placeholders."""
        boxes: dict[tuple[str, str], Box] = {}
        for layout in self.parts.related(part, "slideLayout"):
            for master in (*self.parts.related(layout, "slideMaster"), layout):
                for shape in xml.parse(self.parts.archive.read(master)).iter():
                    if local(shape) == "sp" and (around := _box(shape)):
                        boxes[_placeholder(shape)] = around
        return boxes

    def _text(self, shape: "Element", slide: Slide, layout: dict[tuple[str, str], Box]) -> None:
        holder = _placeholder(shape)
        around = _box(shape) or layout.get(holder) or layout.get((holder[0], ""))
        for body in (one for one in shape if local(one) == "txBody"):
            slide.write(list(office.shape_texts(body)), around, is_title=holder[0] in _TITLES)


def _shapes(tree: "Element") -> Iterator["Element"]:
    """Yield the shapes of a slide, also those in groups; of alternatives the first."""
    for shape in tree:
        kind = local(shape)
        if kind == "grpSp":
            yield from _shapes(shape)
        elif kind == "AlternateContent":
            for choice in [one for one in shape if local(one) == "Choice"][:1]:
                yield from _shapes(choice)
        else:
            yield shape


def _tables(shape: "Element", slide: Slide) -> None:
    for table in (one for one in shape.iter() if local(one) == "tbl"):
        slide.grid(_rows(table), _box(shape))


def _relation(element: "Element") -> str:
    """Return the number of the relation that an element names: its other attribute `id` is a number of its own."""
    return next((value for key, value in element.attrib.items() if key.endswith("}id")), "")


def _number(element: "Element | None", name: str) -> float:
    try:
        return float(attribute(element, name, "0")) if element is not None else 0.0
    except ValueError:
        return 0.0


def _placeholder(shape: "Element") -> tuple[str, str]:
    holder = next((one for one in shape.iter() if local(one) == "ph"), None)
    return ("", "") if holder is None else (attribute(holder, "type", "body"), attribute(holder, "idx"))


def _box(shape: "Element") -> Box | None:
    """Return where a shape stands on the slide, in inches."""
    frame = next((one for one in shape.iter() if local(one) == "xfrm"), None)
    if frame is None:
        return None
    off, ext = ({local(one): one for one in frame}.get(name) for name in ("off", "ext"))
    left, top = _number(off, "x") / _EMU, _number(off, "y") / _EMU
    width, height = _number(ext, "cx") / _EMU, _number(ext, "cy") / _EMU
    return (left, top, left + width, top + height) if width > 0 and height > 0 else None


def _rows(table: "Element") -> list[list[str]]:
    rows = [row for row in table if local(row) == "tr"]
    return [[_cell(cell) for cell in row if local(cell) == "tc"] for row in rows]


def _cell(cell: "Element") -> str:
    return "\n".join(text for body in cell if local(body) == "txBody" for text in office.shape_texts(body))


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    with open_archive(path, limits) as archive:
        pictures = Pictures(folder)
        presentation = _Presentation(Parts(archive), pictures)
        setting = Setting(folder / "set", limits)
        for part in presentation.slides():
            slide, shown = presentation.read(part)
            setting.put_page(slide.page(), shown)
        return setting.finish(MEDIA_TYPE, pictures.warnings())


FORMAT = Format(
    name="PowerPoint (.pptx)",
    media_types=(MEDIA_TYPE,),
    suffixes=(".pptx", ".pptm"),
    is_one=lambda start: office.is_office(start, "ppt"),
    unpack=_unpack,
)
