"""What belongs to the documents of an OFD file, matched under the paths that its parts give each other.

Programs write these paths in many ways: from the root, from the part's folder, with the folder twice, in other case.
"""

import posixpath
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from msgspec import Struct

from folio.documents.formats import xml
from folio.documents.formats.archive import Archive
from folio.documents.formats.ofd.paths import numbers
from folio.documents.formats.xml import attribute, local
from folio.errors import DamagedDocument

_A4_MM = (0.0, 0.0, 210.0, 297.0)
_MAX_SIDE_MM = 20_000.0


class Resources(Struct):
    """What pages refer to by number: pictures by their names in the archive, and elements."""

    pictures: dict[str, str] = {}
    units: dict[str, Element] = {}
    parameters: dict[str, Element] = {}


class PageParts(Struct, frozen=True, kw_only=True):
    """A page: left, top, width and height in millimeters, and its layers' objects in the order of drawing."""

    box: tuple[float, float, float, float]
    layers: tuple[Element, ...]
    resources: Resources


class Package:
    """The parts of an archive that is an OFD file."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._names = {_folded(name): name for name in archive.names}

    def documents(self) -> Iterator["OfdDocument"]:
        """Yield the documents in the file. Raises DamagedDocument."""
        matched = [body for body in self.xml("OFD.xml").iter() if local(body) == "DocBody"]
        for number, body in enumerate(matched, start=1):
            root = child_text(body, "DocRoot")
            if name := self.find(root, ""):
                title = next((one.text or "" for one in body.iter() if local(one) == "Title"), "")
                yield OfdDocument(self, name, title.strip() or f"#{number}")

    def xml(self, name: str) -> Element:
        return xml.parse(self.archive.read(self._names.get(_folded(name), name)))

    def find(self, location: str | None, base: str) -> str | None:
        """Return the name of the part that a path means, written in a part in the folder `base`; None if none is."""
        if not location or not location.strip():
            return None
        path = location.strip().replace("\\", "/")
        from_base = posixpath.normpath(posixpath.join("/", base, path.lstrip("/")))
        from_root = posixpath.normpath(posixpath.join("/", path))
        tries = (from_root, from_base) if path.startswith("/") else (from_base, from_root)
        for one in tries:
            if name := self._names.get(_folded(one)):
                return name
        ending = "/" + _folded(posixpath.basename(path))
        alike = [name for folded, name in self._names.items() if ("/" + folded).endswith(ending)]
        return alike[0] if len(alike) == 1 else None


class OfdDocument:
    """One of the documents in a file."""

    def __init__(self, package: Package, name: str, title: str) -> None:
        self.title = title
        self._package = package
        self._base = posixpath.dirname(name)
        self._root = package.xml(name)
        self._common = next((one for one in self._root if local(one) == "CommonData"), self._root)
        self._area = _area(self._common)
        self._resources = Resources()
        for element in self._common:
            if local(element) in ("PublicRes", "DocumentRes"):
                self._add_resources(element.text, self._base, self._resources)
        self._templates = {attribute(one, "ID"): one for one in self._common if local(one) == "TemplatePage"}
        self._annotations = self._find_annotations()
        self.missing = 0

    def pages(self) -> Iterator[PageParts]:
        """Yield the pages. One whose part is missing is empty."""
        listed = next((one for one in self._root if local(one) == "Pages"), None)
        for page in listed if listed is not None else ():
            if local(page) == "Page":
                yield self._page(page)

    def attachments(self) -> Iterator[tuple[str, str]]:
        """Yield what each attached file is called, and its name in the archive."""
        location = child_text(self._root, "Attachments")
        if not (name := self._package.find(location, self._base)):
            return
        base = posixpath.dirname(name)
        for element in self._package.xml(name).iter():
            if local(element) != "Attachment":
                continue
            if file := self._package.find(child_text(element, "FileLoc"), base):
                ending = posixpath.splitext(file)[1]
                title = attribute(element, "Name") or posixpath.basename(file)
                yield (title if posixpath.splitext(title)[1] else title + ending), file

    def _page(self, element: Element) -> PageParts:
        name = self._package.find(attribute(element, "BaseLoc"), self._base)
        if name is None:
            self.missing += 1
            return PageParts(box=self._area, layers=(), resources=self._resources)
        root, base = self._package.xml(name), posixpath.dirname(name)
        common = self._resources
        resources = Resources(dict(common.pictures), dict(common.units), dict(common.parameters))
        for one in root:
            if local(one) == "PageRes":
                self._add_resources(one.text, base, resources)
        behind, before = list[Element](), list[Element]()
        for template in (one for one in root if local(one) == "Template"):
            content = self._template(attribute(template, "TemplateID"), resources)
            (before if attribute(template, "ZOrder") == "Foreground" else behind).extend(content)
        layers = (*behind, *_layers(root), *before, *self._annotations.get(attribute(element, "ID"), ()))
        return PageParts(box=_area(root, self._area), layers=layers, resources=resources)

    def _template(self, number: str, resources: Resources) -> list[Element]:
        element = self._templates.get(number)
        name = self._package.find(attribute(element, "BaseLoc"), self._base) if element is not None else None
        if name is None:
            return []
        root = self._package.xml(name)
        for one in root:
            if local(one) == "PageRes":
                self._add_resources(one.text, posixpath.dirname(name), resources)
        return _layers(root)

    def _add_resources(self, location: str | None, base: str, resources: Resources) -> None:
        name = self._package.find(location, base)
        if name is None:
            return
        root = self._package.xml(name)
        folder = posixpath.join(posixpath.dirname(name), attribute(root, "BaseLoc").replace("\\", "/").strip("/"))
        for element in root.iter():
            kind, number = local(element), attribute(element, "ID")
            if kind == "MultiMedia":
                if file := self._package.find(child_text(element, "MediaFile"), folder):
                    resources.pictures[number] = file
            elif kind == "CompositeGraphicUnit":
                resources.units[number] = element
            elif kind == "DrawParam":
                resources.parameters[number] = element

    def _find_annotations(self) -> dict[str, list[Element]]:
        """Return what annotations show, by the numbers of their pages."""
        matched: dict[str, list[Element]] = {}
        name = self._package.find(child_text(self._root, "Annotations"), self._base)
        for page in self._package.xml(name) if name else ():
            file = self._package.find(child_text(page, "FileLoc"), posixpath.dirname(name or ""))
            if not file:
                continue
            annotations = (one for one in self._package.xml(file) if attribute(one, "Visible") != "false")
            shown = [part for one in annotations for part in one if local(part) == "Appearance"]
            matched.setdefault(attribute(page, "PageID"), []).extend(shown)
        return matched


def child_text(element: Element, name: str) -> str | None:
    """Return the text of a child."""
    return next((child.text for child in element if local(child) == name), None)


def _layers(page: Element) -> list[Element]:
    content = next((one for one in page if local(one) == "Content"), None)
    return [] if content is None else [one for one in content if local(one) == "Layer"]


def _area(element: Element, default: tuple[float, float, float, float] = _A4_MM) -> tuple[float, float, float, float]:
    for area in element:
        if local(area) in ("Area", "PageArea"):
            values = numbers(child_text(area, "PhysicalBox") or "")
            if len(values) == 4 and 0 < values[2] <= _MAX_SIDE_MM and 0 < values[3] <= _MAX_SIDE_MM:
                return values[0], values[1], values[2], values[3]
    return default


def _folded(name: str) -> str:
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/").casefold()


def require_pages(count: int) -> None:
    if not count:
        raise DamagedDocument("The OFD file is damaged: it names no page.")
