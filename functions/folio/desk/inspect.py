"""`folio inspect`: a document is read as always, and drawn and prepared once more to show what the engine saw."""

import base64
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from folio.config.options import Options
from folio.config.settings import Settings
from folio.desk.local import absolute, read_file
from folio.desk.report.page import Picture, View, report
from folio.documents.document import open_chosen
from folio.documents.raster import images
from folio.documents.rasterize import rasterize
from folio.errors import AccessDenied, BadOption, FolioError, SourceGone
from folio.models import Document, Page, Result
from folio.options.resolve import resolve_options
from folio.outputs.pdf.masked_picture import cover
from folio.preprocess.blank import STRENGTHEN, strengthen
from folio.preprocess.recipes import prepare
from folio.providers.auto import resolved
from folio.providers.registry import preparation_of
from folio.reading.request import LocalServices

SUFFIX = ".inspect.html"
FIRST_PAGES = 20  # of a document, if nobody says which
_SIDE_PX = 1600  # of a picture's longer side
_MAX_PICTURES_BYTES = 12_000_000  # of all, before they are written as text, which makes them larger by a third
_MAX_PICTURE_BYTES = 600_000
# Longer side and JPEG quality, from the best to what still can be read.
_SIZES_AND_QUALITIES = ((_SIDE_PX, 75), (_SIDE_PX, 55), (1300, 55), (1000, 50), (800, 40))

type OnPage = Callable[[Document, Page], None]


def inspect_file(
    file: Path, target: Path | None, requested: Mapping[str, str], local: LocalServices, on_page: OnPage
) -> Path:
    """Read a file and write the report, to `target` or beside the file; return where it is.

    Raises what kept the file from being read, SourceGone, BadOption, AccessDenied.
    """
    if not file.is_file():
        raise SourceGone(f"There is no file {str(file)!r}.")
    file = absolute(file)
    target = target or file.with_name(file.name + SUFFIX)
    if target.resolve() == file.resolve():
        raise BadOption("The report would overwrite the document; give it another name with -o.")
    settings = local.services.settings
    options = resolve_options(settings, requested).options
    with tempfile.TemporaryDirectory(prefix="folio-inspect-") as name:
        folder = Path(name)
        opened = _open(file, options, folder, settings)
        note = ""
        if not options.pages and opened.pages > FIRST_PAGES:
            requested = {**requested, "pages": f"1-{FIRST_PAGES}"}
            note = f"Shown are pages 1 to {FIRST_PAGES} of {opened.pages}; choose others with --pages."
        result = read_file(file, requested, folder, local, on_page)
        _write(target, report(result, _views(opened, result, options, folder, settings), requested, note))
    return target


def _open(file: Path, options: Options, folder: Path, settings: Settings) -> Document:
    moving = options.frames == "all"
    return open_chosen(file, options.attachment, folder, settings, settings.page_timeout, frames=moving)


def _write(target: Path, parts: Iterator[str]) -> None:
    try:
        with target.open("w", encoding="utf-8") as file:
            file.writelines(parts)
    except OSError as error:
        raise AccessDenied(f"The report {str(target)!r} cannot be written ({error.strerror}).") from error


def _views(opened: Document, result: Result, options: Options, folder: Path, settings: Settings) -> Iterator[View]:
    budget = min(_MAX_PICTURE_BYTES, _MAX_PICTURES_BYTES // (2 * len(result.pages)))
    for page in result.pages:
        with tempfile.TemporaryDirectory(dir=folder, prefix="page-") as name:
            yield _view(opened, page, options, Path(name), settings, budget)


def _view(opened: Document, page: Page, options: Options, folder: Path, settings: Settings, budget: int) -> View:
    if options.redact and page.status != "ok":
        return View(page, None)  # nobody knows what is on it
    try:
        image = rasterize(opened, page.number, options.dpi, folder, settings, settings.page_timeout)
    except FolioError:  # the page says why
        return View(page, None)
    uri = _data_uri(image.path, budget, page)
    source = Picture(uri, page.width or image.width, page.height or image.height)
    if page.origin != "ocr" or page.redactions:
        return View(page, source)
    try:
        stronger = strengthen(image, folder) if STRENGTHEN in page.steps else image
        prepared = prepare(stronger, options.recipe, folder, preparation_of(page.provider or resolved(options)[0]))
    except FolioError:
        return View(page, source)
    if prepared.path == image.path:
        return View(page, source)
    width, height = images.own_size(prepared.path)
    return View(page, source, Picture(_data_uri(prepared.path, budget), width, height), prepared.to_page.inverse())


def _data_uri(path: Path, budget: int, page: Page | None = None) -> str:
    """Return a picture as JPEG of at most `budget` bytes, or in its poorest form, as a URI that holds it.

    What is masked of the `page` that is on it is black.
    """
    from PIL import Image

    whole = images.load_own(path).convert("L")
    if page:
        cover(whole, (page.width, page.height), (redaction.polygon for redaction in page.redactions))
    for side, quality in _SIZES_AND_QUALITIES:
        reduced = whole.copy()
        reduced.thumbnail((side, side), Image.Resampling.BOX, reducing_gap=None)
        data = io.BytesIO()
        reduced.save(data, "JPEG", quality=quality, optimize=True)
        if data.tell() <= budget:
            break
    return "data:image/jpeg;base64," + base64.b64encode(data.getvalue()).decode()
