"""What a PDF says of itself that poppler's programs pass over: units larger than a point, and content beside its pages.

Few documents say any of it, and so their bytes are searched for its names before pypdf is asked.
"""

import mmap
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from folio.documents.pdf.attachments import attachments, listed, resolved
from folio.documents.pdf.reader import open_pdf

if TYPE_CHECKING:
    from pypdf import PdfReader

_NAMES = (b"/UserUnit", b"/XFA", b"/Collection")
_OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,500}?stream\r?\n", re.DOTALL)
_MAX_STREAM_BYTES, _MAX_STREAMS = 2_000_000, 5_000  # unpacked, of object streams
PORTFOLIO = "The documents in it are read one by one, with attachment=NAME"
NESTED = "The documents in it are not read; save them to read each"
_MAX_UNIT = 75_000.0  # points
_XFA = (
    "The PDF is a dynamic XFA form: what it shows is not on its pages, which only ask for another viewer. Print it "
    "from Adobe Reader into a new PDF and read that."
)


class PdfFacts(Struct, frozen=True):
    """`units`: page number -> points in a unit of the page, where that is not one.

    `may_be_scan`: it has JPEGs, and no fonts that its bytes tell of.
    """

    units: dict[int, float] = {}
    warnings: tuple[str, ...] = ()
    may_be_scan: bool = False


def read_facts(path: Path) -> PdfFacts:
    """Return what a PDF says; of one that pypdf cannot read nothing is known."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            says_anything = _says_anything(data)
            is_scan = may_be_scan(data)
        if not says_anything:
            return PdfFacts(may_be_scan=is_scan)
        reader = open_pdf(path)
        return PdfFacts(_units(reader), tuple(_warnings(reader)), is_scan)
    except Exception:  # noqa: BLE001 (pypdf raises whatever error came first in a damaged file; poppler reads it all the same)
        return PdfFacts()


def may_be_scan(data: mmap.mmap) -> bool:
    """Return whether a PDF has JPEGs, and no fonts that its bytes tell of."""
    return data.find(b"/DCTDecode") >= 0 and data.find(b"/Font") < 0


def _says_anything(data: mmap.mmap) -> bool:
    if any(data.find(name) >= 0 for name in _NAMES):
        return True
    if data.find(b"/Encrypt") >= 0 and data.find(b"/ObjStm") >= 0:
        return True  # whose streams cannot be searched
    return any(name in stream for stream in _object_streams(data) for name in _NAMES)


def _object_streams(data: mmap.mmap) -> Iterator[bytes]:
    for match in islice(_OBJECT_STREAM.finditer(data), _MAX_STREAMS):
        try:
            yield zlib.decompressobj().decompress(
                data[match.end() : match.end() + _MAX_STREAM_BYTES], _MAX_STREAM_BYTES
            )
        except zlib.error:
            continue


def _units(reader: "PdfReader") -> dict[int, float]:
    units = {}
    for number, page in enumerate(reader.pages, start=1):
        unit = page.get("/UserUnit", 1)
        if isinstance(unit, int | float) and 0 < unit <= _MAX_UNIT and unit != 1:
            units[number] = float(unit)
    return units


def _warnings(reader: "PdfReader") -> Iterator[str]:
    catalog: Any = reader.root_object
    form = resolved(catalog.get("/AcroForm"))
    if form is not None and "/XFA" in form and (catalog.get("/NeedsRendering") or not resolved(form.get("/Fields"))):
        yield _XFA
    if "/Collection" in catalog:
        names = listed([attachment.names[0] for attachment in attachments(reader)])
        yield f"The PDF is a portfolio. {PORTFOLIO}: {names or 'none'}."
