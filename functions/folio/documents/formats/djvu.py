"""DjVu: its pages as pictures, decoded by ddjvu (DjVuLibre), a program that is not in every installation."""

import shutil
from pathlib import Path

from folio.documents.formats.base import Contents, Entry, Format, Limits
from folio.documents.programs import run_program
from folio.errors import DamagedDocument, UnsupportedType

MEDIA_TYPE = "image/vnd.djvu"
_SIGNATURE = b"AT&TFORM"
_SECONDS = 100.0


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    target = folder / "pages.tif"
    command = ["ddjvu", "-format=tiff", "-quality=90", f"-page=1-{limits.max_pages + 1}", str(path), str(target)]
    try:
        finished = run_program(command, _SECONDS)
    except FileNotFoundError as error:
        raise UnsupportedType(
            "DjVu is not read here: that takes ddjvu of DjVuLibre, which a function has no room for; it is read on a "
            "machine with djvulibre-bin, and in the container image."
        ) from error
    if finished.status or not target.is_file():
        raise DamagedDocument("The DjVu file is damaged: its pages cannot be decoded.")
    return Contents(media_type=MEDIA_TYPE, entries=(Entry(kind="file", path=target),))


def _missing() -> str:
    return "" if shutil.which("ddjvu") else "ddjvu of djvulibre-bin"


FORMAT = Format(
    name="DjVu", media_types=(MEDIA_TYPE,), suffixes=(".djvu", ".djv"), unpack=_unpack, missing=_missing,
    is_one=lambda start: start.data.startswith(_SIGNATURE),
)  # fmt: skip
