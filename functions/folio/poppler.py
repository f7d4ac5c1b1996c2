"""poppler, through pdf2image: the only module that knows its programs' flags and messages.

pdf2image throws away what poppler says on stderr unless it is asked to be strict; then it raises, after the page has
been drawn. Both are wanted here: the drawing, and how often poppler complained about it.
"""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from folio.errors import DamagedDocument, EngineFailed, EngineTimeout, LockedDocument, PageUnreadable, ToolMissing

POINTS_PER_INCH = 72
_LOCKED = ("Incorrect password", "security handler", "Unsupported version/revision")
_SIZE = re.compile(r"Page +(\d+) size")


@contextmanager
def _translated() -> Iterator[None]:
    from pdf2image import exceptions

    try:
        yield
    except exceptions.PopplerNotInstalledError as error:
        raise ToolMissing("poppler (pdfinfo, pdftoppm) is not installed.") from error
    except exceptions.PDFPopplerTimeoutError as error:
        raise EngineTimeout("poppler took longer than the page timeout.") from error
    except exceptions.PDFPageCountError as error:
        _refuse(str(error), error)


def _refuse(said: str, cause: Exception) -> NoReturn:
    if not said.partition("\n")[2].strip():  # pdf2image's own line, and nothing of poppler's below it
        raise EngineFailed("poppler stopped without a word; it may have been killed.") from cause
    if any(sign in said for sign in _LOCKED):
        raise LockedDocument("The PDF is locked with a password.") from cause
    raise DamagedDocument("The PDF is damaged: poppler finds no pages in it.") from cause


def count_pages(path: Path, timeout: float) -> int:
    """Number of pages. Raises LockedDocument, DamagedDocument, EngineFailed, EngineTimeout."""
    from pdf2image import pdfinfo_from_path

    with _translated():
        return int(pdfinfo_from_path(str(path), timeout=math.ceil(timeout))["Pages"])


def page_sizes(path: Path, count: int, timeout: float) -> dict[int, tuple[float, float]]:
    """Page number -> width and height in points, before the page's own rotation; pages without a size are left out."""
    from pdf2image import pdfinfo_from_path

    with _translated():
        info = pdfinfo_from_path(str(path), first_page=1, last_page=count, timeout=math.ceil(timeout))
    sizes = {}
    for key, value in info.items():
        if (match := _SIZE.fullmatch(key)) and (size := re.match(r"([\d.e+]+) x ([\d.e+]+) pts", str(value))):
            sizes[int(match[1])] = (float(size[1]), float(size[2]))
    return sizes


def draw(path: Path, number: int, dpi: int, folder: Path, timeout: float) -> tuple[Path, int]:
    """Draw one page, as its crop box shows it, into a grey PGM file; with it, how often poppler complained.

    Raises PageUnreadable where poppler draws nothing and says why, EngineFailed, EngineTimeout.
    """
    from pdf2image import convert_from_path
    from pdf2image.exceptions import PDFSyntaxError

    complaints = 0
    with _translated():
        try:
            convert_from_path(
                str(path),
                dpi=dpi,
                output_folder=str(folder),
                output_file=f"page{number}",
                first_page=number,
                last_page=number,
                paths_only=True,
                grayscale=True,
                use_cropbox=True,
                strict=True,
                timeout=math.ceil(timeout),
            )
        except PDFSyntaxError as error:
            complaints = str(error).count("Syntax Error")
        except DamagedDocument as error:
            raise PageUnreadable(f"poppler cannot open page {number}.") from error
    drawn = sorted(folder.glob(f"page{number}*.pgm"))
    if not drawn and not complaints:
        raise EngineFailed("poppler stopped without a word; it may have been killed.")
    if not drawn:
        raise PageUnreadable(f"poppler could not draw page {number}.")
    return drawn[0], complaints


def version() -> str | None:
    """poppler's version, or None if it is not installed."""
    from pdf2image.exceptions import PopplerNotInstalledError
    from pdf2image.pdf2image import _get_poppler_version

    try:
        return ".".join(str(part) for part in _get_poppler_version("pdftoppm"))
    except (PopplerNotInstalledError, OSError):
        return None
