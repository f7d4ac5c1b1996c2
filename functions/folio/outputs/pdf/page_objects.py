"""Pages of a PDF as pypdf has them: where pixels of a page lie on them, and their dictionaries, changed and written."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from folio.models import Page
from folio.transform import Box, Point

_LETTER = (0.0, 0.0, 612.0, 792.0)  # poppler's page where a document states none
_OF_STREAMS = ("/Length", "/Filter", "/DecodeParms", "/DL", "/F", "/FFilter", "/FDecodeParms")
_MAX_FIELDS = 10_000  # of a form, looked at for signatures


class Frame(Struct, frozen=True):
    """The visible part of a PDF page: its box in the page's units, and by how much it is turned clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def box(self) -> Box:
        return self.left, self.bottom, self.right, self.top

    def fits(self, page: Page) -> bool:
        """Return whether it has the shape of the page that was read, which is drawn in whole pixels."""
        across, down = self.right - self.left, self.top - self.bottom
        if self.turn % 180:
            across, down = down, across
        if across <= 0 or down <= 0:
            return False
        return abs(page.width * down / across - page.height) <= 2 * max(1.0, down / across)

    def to_pdf(self, point: Point, page: Page) -> Point:
        """Convert a point from a page's pixels to the units of the PDF page."""
        across, down = point[0] / page.width, point[1] / page.height
        if self.turn == 90:
            across, down = down, 1 - across
        elif self.turn == 180:
            across, down = 1 - across, 1 - down
        elif self.turn == 270:
            across, down = 1 - down, across
        return self.left + across * (self.right - self.left), self.top - down * (self.top - self.bottom)


def frame_of(page: Any) -> Frame:
    media = _box(page, "/MediaBox") or _LETTER
    crop = _box(page, "/CropBox") or media
    left, bottom = (min(max(crop[i], media[i]), media[i + 2]) for i in (0, 1))
    right, top = (min(max(crop[i + 2], media[i]), media[i + 2]) for i in (0, 1))
    if left >= right or bottom >= top:  # outside of it: the page is shown without
        left, bottom, right, top = media
    turn = page.get("/Rotate", 0)
    turn = turn.get_object() if hasattr(turn, "get_object") else turn
    return Frame(left, bottom, right, top, int(turn) % 360)


def _box(page: Any, name: str) -> tuple[float, float, float, float] | None:
    values = page.get(name)
    try:
        a, b, c, d = (float(value.get_object()) for value in values.get_object())
    except (AttributeError, TypeError, ValueError):
        return None
    return min(a, c), min(b, d), max(a, c), max(b, d)


class PageChange(Struct, frozen=True):
    """What of a page becomes another, as numbers of objects: its content, forms by their names, text and its fonts."""

    content: int | None = None
    forms: Mapping[str, int] = {}
    text: int | None = None
    fonts: Mapping[str, int] = {}


def page_body(page: Any, change: PageChange) -> bytes:
    """Return the page's dictionary with a change, and all else as it was. Text goes before everything else."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

    body = DictionaryObject(page.indirect_reference.get_object())
    contents = body.raw_get("/Contents") if "/Contents" in body else None
    resolved = contents.get_object() if contents is not None else None
    existing = [contents] if isinstance(contents, IndirectObject) else []
    streams = list(resolved) if isinstance(resolved, list) else existing
    if change.content is not None:
        streams = [_reference(change.content)]
    if change.text is not None:
        streams.insert(0, _reference(change.text))
    body[NameObject("/Contents")] = ArrayObject(streams)
    resources = with_resources(dictionary(page, "/Resources"), "/Font", change.fonts)
    body[NameObject("/Resources")] = with_resources(resources, "/XObject", change.forms)
    return written(body)


def form_entries(form: Any, resources: Any, forms: Mapping[str, int]) -> bytes:
    """Return the entries of a form's dictionary for a new stream, with `forms` in its resources."""
    from pypdf.generic import DictionaryObject, NameObject

    body = DictionaryObject({name: form.raw_get(name) for name in form if name not in _OF_STREAMS})
    if forms:
        body[NameObject("/Resources")] = with_resources(resources, "/XObject", forms)
    return written(body).strip()[2:-2]


def with_resources(resources: Any, kind: str, objects: Mapping[str, int]) -> Any:
    """Return a copy of a dictionary of resources with more objects of a kind, by name."""
    from pypdf.generic import DictionaryObject, NameObject

    copy = DictionaryObject(resources)
    if objects:
        named = DictionaryObject(dictionary(copy, kind))
        for name, number in objects.items():
            named[NameObject(name)] = _reference(number)
        copy[NameObject(kind)] = named
    return copy


def streams_of(page: Any) -> list[Any]:
    """Return the content streams of a page, as pypdf has them."""
    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else None
    streams = contents if isinstance(contents, list) else [contents]
    return [stream.get_object() for stream in streams if stream is not None]


def may_hold_text(page: Any) -> bool:
    """Return whether a page has what text is made of: fonts, forms, annotations."""
    resources = dictionary(page, "/Resources")
    drawn = dictionary(resources, "/XObject").values()
    has_forms = any(dictionary({"": one}, "").get("/Subtype") == "/Form" for one in drawn)
    return bool(dictionary(resources, "/Font") or has_forms or page.get("/Annots"))


def is_signed(catalog: Any) -> bool:
    """Return whether bytes of the document are signed: a signature field has a value with a /ByteRange."""
    waiting = _array(dictionary(catalog, "/AcroForm"), "/Fields")
    for _ in range(_MAX_FIELDS):
        if not waiting:
            break
        field = waiting.pop().get_object()
        if isinstance(field, dict):
            if "/ByteRange" in dictionary(field, "/V"):
                return True
            waiting += _array(field, "/Kids")
    return False


def _array(holder: Any, name: str) -> list[Any]:
    value = holder.get(name)
    value = value.get_object() if value is not None else None
    return list(value) if isinstance(value, list) else []


def dictionary(holder: Any, name: str) -> Any:
    """Return the dictionary that a dictionary has under a name; an empty one if there is none."""
    value = holder.get(name)
    value = value.get_object() if value is not None else None
    return value if isinstance(value, dict) else {}


def _reference(number: int) -> Any:
    from pypdf.generic import IndirectObject

    return IndirectObject(number, 0, None)


def written(value: Any) -> bytes:
    """Return an object of pypdf as it is written into a file."""
    from io import BytesIO

    buffer = BytesIO()
    value.write_to_stream(buffer)
    return buffer.getvalue()
