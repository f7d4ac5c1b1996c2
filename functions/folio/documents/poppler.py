"""poppler, mostly through pdf2image: the only module that knows its programs' flags and messages.

pdf2image throws away what poppler says on stderr unless it is asked to be strict; then it raises, after the page has
been drawn. Both are wanted here: the drawing, and how often poppler complained about it.
"""

import math
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from msgspec.structs import replace

from folio.documents.programs import run_programs
from folio.documents.text_page import TextPage, parse_pages
from folio.errors import (
    DamagedDocument,
    EngineFailed,
    EngineTimeout,
    PageUnreadable,
    PasswordProtected,
    TooLarge,
    ToolMissing,
)

POINTS_PER_INCH = 72
_MAX_SIDE_PX = 32_000  # engines count pixels in 15 bits
_LOCKED = ("Incorrect password", "security handler", "Unsupported version/revision")
_MIN_UNIT = 1.01  # points; less is rounding
_MEDIA_BOX = re.compile(r"MediaBox: +([-\d.]+) +([-\d.]+) +([-\d.]+) +([-\d.]+)")
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


def _refuse(message: str, cause: Exception) -> NoReturn:
    if not message.partition("\n")[2].strip():  # pdf2image's own line, and nothing of poppler's below it
        raise EngineFailed("poppler stopped without a word; it may have been killed.") from cause
    if any(phrase in message for phrase in _LOCKED):
        raise PasswordProtected("The PDF is locked with a password.") from cause
    raise DamagedDocument("The PDF is damaged: poppler finds no pages in it.") from cause


def count_pages(path: Path, timeout: float) -> int:
    """Return the number of pages. Raises PasswordProtected, DamagedDocument, EngineFailed, EngineTimeout."""
    from pdf2image import pdfinfo_from_path

    with _translated():
        return int(pdfinfo_from_path(str(path), timeout=math.ceil(timeout))["Pages"])


def page_sizes(path: Path, count: int, timeout: float) -> dict[int, tuple[float, float]]:
    """Return page number -> width and height in points, as a reader sees the page; without pages of unknown size."""
    from pdf2image import pdfinfo_from_path

    with _translated():
        info = pdfinfo_from_path(str(path), first_page=1, last_page=count, timeout=math.ceil(timeout))
    sizes = {}
    for key, value in info.items():
        if (match := _SIZE.fullmatch(key)) and (size := re.match(r"([\d.e+]+) x ([\d.e+]+) pts", str(value))):
            width, height = float(size[1]), float(size[2])
            lies = str(info.get(key.replace("size", "rot"))) in ("90", "270")
            sizes[int(match[1])] = (height, width) if lies else (width, height)
    return sizes


def media_sizes(path: Path, numbers: Iterable[int], timeout: float) -> dict[int, tuple[float, float]]:
    """Return page number -> width and height in points of the media boxes of some pages, as a reader sees them."""
    sizes = {}
    for number in numbers:
        command = ["pdfinfo", "-box", "-f", str(number), "-l", str(number), str(path)]
        try:
            output = subprocess.run(command, capture_output=True, timeout=timeout, check=False).stdout.decode("latin-1")
        except subprocess.TimeoutExpired as error:
            raise EngineTimeout("poppler took longer than the page timeout.") from error
        if box := _MEDIA_BOX.search(output):
            left, bottom, right, top = map(float, box.groups())
            sides = abs(right - left), abs(top - bottom)
            turned = re.search(r"Page +\d+ rot: +(90|270)", output)
            sizes[number] = sides[::-1] if turned else sides
    return sizes


def fitting_dpi(size: tuple[float, float], dpi: int, raster_pixels: int) -> int:
    """Return `dpi`, or the highest resolution at which a page (in points) has no more than `raster_pixels`."""
    square_inches = size[0] * size[1] / POINTS_PER_INCH**2
    if square_inches <= 0:
        return dpi
    by_side = _MAX_SIDE_PX * POINTS_PER_INCH / max(size)
    highest = math.floor(min(by_side, math.sqrt(raster_pixels / square_inches)))
    if highest < 1:
        raise TooLarge(f"The page measures {size[0]:.0f} x {size[1]:.0f} points, too much to draw at all.")
    return min(dpi, highest)


def pixels(size: tuple[float, float], dpi: int) -> tuple[int, int]:
    """Return width and height of a drawing of a page of that size in points, rounded up from poppler's own numbers."""
    width, height = (math.ceil(_as_poppler_reads(side) * dpi / POINTS_PER_INCH) for side in size)
    return width, height


def _as_poppler_reads(number: float) -> float:
    """Return a decimal as poppler's lexer adds it up digit by digit.

    216.48 becomes a little more, and then a pixel more.
    """
    whole, _, decimals = f"{number:.6f}".rstrip("0").partition(".")
    value, scale = float(whole), 0.1
    for digit in decimals:
        value, scale = value + scale * int(digit), scale * 0.1
    return value


def draw(
    path: Path, number: int, dpi: float, folder: Path, timeout: float, *, cropped: bool = True
) -> tuple[Path, int]:
    """Draw one page, as its crop box shows it, into a grey PGM file; return it and how often poppler complained.

    Raises PageUnreadable where poppler draws nothing and says why, EngineFailed, EngineTimeout.
    """
    from pdf2image import convert_from_path
    from pdf2image.exceptions import PDFSyntaxError

    complaints = 0
    with _translated():
        try:
            convert_from_path(
                str(path),
                dpi=dpi,  # type: ignore[arg-type] # which is written as it is
                output_folder=str(folder),
                output_file=f"page{number}",
                first_page=number,
                last_page=number,
                paths_only=True,
                grayscale=True,
                use_cropbox=cropped,
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


def draw_part(
    path: Path, number: int, dpi: float, part: tuple[int, int, int, int], folder: Path, timeout: float, *, cropped: bool
) -> Path:
    """Draw a part of a page (left, top, right, bottom in pixels of `draw` at that resolution) into a grey PGM file.

    Raises EngineFailed, EngineTimeout, ToolMissing.
    """
    left, top, right, bottom = part
    target = folder / f"part{number}"
    pages = ["-f", str(number), "-l", str(number), *["-cropbox"] * cropped, "-gray", "-singlefile", "-r", str(dpi)]
    box = ["-x", str(left), "-y", str(top), "-W", str(right - left), "-H", str(bottom - top)]
    run_programs([["pdftoppm", *pages, *box, str(path), str(target)]], folder, timeout)
    return target.with_suffix(".pgm")


def version() -> str | None:
    """Return poppler's version, or None if it is not installed."""
    from pdf2image.exceptions import PopplerNotInstalledError
    from pdf2image.pdf2image import _get_poppler_version

    try:
        return ".".join(str(part) for part in _get_poppler_version("pdftoppm"))
    except (PopplerNotInstalledError, OSError):
        return None


_MAX_TEXT_BYTES = 50_000_000  # a page of a book has 50,000


def text_layers(
    path: Path,
    first: int,
    last: int,
    sizes: dict[int, tuple[float, float]],
    folder: Path,
    timeout: float,
    *,
    as_drawn: bool = False,
) -> tuple[dict[int, TextPage], int]:
    """Return what pdftotext finds on pages first to last, within their crop boxes, and how often poppler complained.

    `sizes` are those of `page_sizes`. `as_drawn`: not in lines, but in the order in which it is drawn. Raises
    EngineFailed (also for too much text), EngineTimeout, ToolMissing.
    """
    output = folder / f"text{first}.html"
    form = ["-raw", "-bbox"] if as_drawn else ["-bbox-layout"]
    pages = ["-f", str(first), "-l", str(last), "-cropbox", *form, "-enc", "UTF-8", str(path), str(output)]
    complaints = run_programs([["pdftotext", *pages]], folder, timeout)
    try:
        layers = dict(enumerate(parse_pages(_taken(output)), start=first))
    except ValueError as error:
        raise EngineFailed("pdftotext left what is not a number where one belongs.") from error
    if len(layers) != last - first + 1:
        raise EngineFailed("pdftotext stopped between two pages.")
    return {number: _as_seen(layer, sizes.get(number)) for number, layer in layers.items()}, complaints


def _as_seen(layer: TextPage, size: tuple[float, float] | None) -> TextPage:
    """Return the page with its sides turned and in points.

    Of a page with /Rotate, pdftotext turns only the words, and it takes every unit for a point.
    """
    if size is None:
        return layer
    unit = max(size) / max(layer.width, layer.height, 0.01)
    if unit > _MIN_UNIT or unit < 1 / _MIN_UNIT:
        layer = replace(layer, width=layer.width * unit, height=layer.height * unit)
        layer = layer.changed(lambda word: replace(word, box=tuple(side * unit for side in word.box)))
    if abs(size[0] - layer.width) <= abs(size[0] - layer.height):
        return layer
    return replace(layer, width=layer.height, height=layer.width)


def physical_text(path: Path, number: int, folder: Path, timeout: float) -> str:
    """Return a page's text in rows from top to bottom of most of its text, whichever way that lies on the page.

    Raises EngineFailed (also for too much text), EngineTimeout, ToolMissing.
    """
    output = folder / f"physical{number}.txt"
    page = ["-f", str(number), "-l", str(number), "-cropbox", "-layout", "-enc", "UTF-8", str(path), str(output)]
    run_programs([["pdftotext", *page]], folder, timeout)
    return _taken(output)


def _taken(output: Path) -> str:
    if not output.is_file() or output.stat().st_size > _MAX_TEXT_BYTES:
        raise EngineFailed("pdftotext left no text, or too much of it.")
    text = output.read_text("utf-8", errors="replace")
    output.unlink()
    return text


def draw_small(
    path: Path, first: int, last: int, side: int, folder: Path, timeout: float
) -> tuple[dict[int, tuple[Path, Path]], int]:
    """Draw pages first to last as grey PGM files with smooth and with hard edges of glyphs.

    The longer side has `side` pixels. Only glyphs differ between the two drawings of a page, except those of Type 3
    fonts and outlines. Return the files by page number and how often poppler complained. Raises EngineFailed,
    EngineTimeout, ToolMissing.
    """
    pages = ["-f", str(first), "-l", str(last), "-cropbox", "-gray", "-forcenum", "-scale-to", str(side), str(path)]
    styles = {"yes": f"smooth{first}", "no": f"hard{first}"}
    commands = [["pdftoppm", "-aa", smooth, *pages, str(folder / name)] for smooth, name in styles.items()]
    complaints = run_programs(commands, folder, timeout)
    smooth, hard = (
        {int(file.stem.rpartition("-")[2]): file for file in folder.glob(f"{name}-*.pgm")} for name in styles.values()
    )
    return {number: (smooth[number], hard[number]) for number in smooth.keys() & hard.keys()}, complaints
