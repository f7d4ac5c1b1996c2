"""All types of files that are read: PDFs, pictures and the formats of the registry, for lists and for uploads."""

from collections.abc import Callable

from msgspec import Struct

from folio.documents.formats.registry import formats
from folio.documents.raster import heif
from folio.documents.raster.images import MEDIA_TYPES
from folio.models import PDF

_PICTURES = {
    "PNG": (".png",), "JPEG": (".jpg", ".jpeg"), "TIFF": (".tif", ".tiff"), "BMP": (".bmp",), "GIF": (".gif",),
    "WEBP": (".webp",), "JPEG2000": (".jp2", ".j2k"), "AVIF": (".avif",), "HEIF": (".heic", ".heif"),
}  # fmt: skip
_NAMES = {"WEBP": "WebP", "JPEG2000": "JPEG 2000", "HEIF": "HEIC"}
_MISSING: dict[str, Callable[[], str]] = {"HEIF": heif.missing}  # of decoders that are not Pillow's own


class Kind(Struct, frozen=True):
    """A type of files; `missing` is what this installation lacks to read it."""

    name: str
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    missing: str = ""


def kinds(*, here: bool = True) -> list[Kind]:
    """Return all types; with `here` those that are not read in this installation say what they need."""
    pictures = [
        Kind(_NAMES.get(name, name), (media_type,), _PICTURES[name], _MISSING.get(name, str)() if here else "")
        for name, media_type in MEDIA_TYPES.items()
    ]
    others = [Kind(one.name, one.media_types, one.suffixes, one.missing() if here else "") for one in formats()]
    return [Kind("PDF", (PDF,), (".pdf",)), *pictures, *others]


def media_types() -> tuple[str, ...]:
    """Return the media types that documents may be uploaded as."""
    return tuple(dict.fromkeys(one for kind in kinds(here=False) for one in kind.media_types))
