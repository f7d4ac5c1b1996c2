"""What Word, Excel and PowerPoint files have in common: parts in a ZIP, related to each other (ECMA-376-2)."""

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from folio.documents.formats import xml
from folio.documents.formats.archive import Archive
from folio.documents.formats.base import Start
from folio.documents.formats.flow import Item, Paragraph, Picture
from folio.documents.formats.pictures import Pictures
from folio.documents.formats.xml import attribute, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAIN = "officeDocument"
_TYPES = "[Content_Types].xml"


class Parts:
    """The parts of an Office file, by their names in the archive."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._relations: dict[str, dict[str, tuple[str, str]]] = {}

    def main(self, default: str) -> str:
        """Return the name of the main part."""
        matched = [target for kind, target in self.relations("").values() if kind == _MAIN and target in self.archive]
        return matched[0] if matched else default

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relations of a part: number -> kind and name of the part it means. Those outside are left out."""
        if part not in self._relations:
            folder, name = posixpath.split(part)
            file = posixpath.join(folder, "_rels", f"{name}.rels")
            self._relations[part] = {}
            for element in xml.parse(self.archive.read(file)) if file in self.archive else ():
                if attribute(element, "TargetMode") == "External":
                    continue
                target = posixpath.normpath(posixpath.join("/", folder, attribute(element, "Target"))).lstrip("/")
                kind = attribute(element, "Type").rpartition("/")[2]
                self._relations[part][attribute(element, "Id")] = kind, target
        return self._relations[part]

    def related(self, part: str, kind: str) -> list[str]:
        """Return the names of the parts that a part is related to in some way, if they are there."""
        return [target for one, target in self.relations(part).values() if one == kind and target in self.archive]


def is_office(start: Start, folder: str) -> bool:
    """Return whether a ZIP is an Office file whose parts lie in a folder: word, xl or ppt."""
    return _TYPES in start.names and any(name.startswith(f"{folder}/") for name in start.names)


def drawing_items(parts: Parts, part: str, pictures: Pictures) -> Iterator[Item]:
    """Yield what is drawn over a sheet: texts of shapes, and pictures; and its comments."""
    for drawing in parts.related(part, "drawing"):
        for element in xml.parse(parts.archive.read(drawing)).iter():
            if local(element) == "txBody":
                yield from (Paragraph(text) for text in shape_texts(element))
            elif local(element) == "blip" and (picture := picture_of(parts, drawing, element, pictures)):
                yield picture
    for comments in parts.related(part, "comments"):
        for element in xml.parse(parts.archive.read(comments)).iter():
            if local(element) == "comment":
                yield Paragraph("".join(one.text or "" for one in element.iter() if local(one) == "t"))


def shape_texts(body: "Element") -> Iterator[str]:
    """Yield the paragraphs of a shape (DrawingML, ECMA-376-1, 21.1.2)."""
    for paragraph in body:
        if local(paragraph) == "p":
            parts = (
                "\n" if local(one) == "br" else one.text or "" for one in paragraph.iter() if local(one) in ("t", "br")
            )
            if text := "".join(parts).strip():
                yield text


def picture_of(parts: Parts, part: str, blip: "Element", pictures: Pictures) -> Picture | None:
    """Return the picture that an element of a part means, where it is to be read."""
    _, target = parts.relations(part).get(attribute(blip, "embed"), ("", ""))
    if target not in parts.archive:
        return None
    return pictures.add(target.rpartition("/")[2], parts.archive.read(target))
