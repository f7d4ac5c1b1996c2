"""poppler: the only module that knows its programs' flags and messages."""

import math
import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from folio.documents.pdf.text_page import TextPage, parse_pages
from folio.documents.programs import Finished, run_program, run_programs
from folio.errors import (
    DamagedDocument,
    EngineFailed,
    FolioError,
    PageUnreadable,
    PasswordProtected,
    TooLarge,
    ToolMissing,
)

POINTS_PER_INCH = 72
_MAX_SIDE_PX = 32_000  # engines count pixels in 15 bits
_LOCKED = (b"Incorrect password", b"security handler", b"Unsupported version/revision")
# An operator that poppler does not know, such as the second half of 1e-06, or one that lacks a number therefore: it is
# not followed in a drawing either, so OCR reads no more than the layer has.
_LOST_TO_DRAWING = (b"Unknown operator", b" args to ")
_MIN_UNIT = 1.01  # points; less is rounding
_MEDIA_BOX = re.compile(r"MediaBox: +([-\d.]+) +([-\d.]+) +([-\d.]+) +([-\d.]+)")
_PAGES = re.compile(r"^Pages: +(\d+)$", re.MULTILINE)
_SIZE = re.compile(r"^Page +(\d+) size: +([\d.e+]+) x ([\d.e+]+) pts", re.MULTILINE)
_ROTATION = re.compile(r"^Page +(\d+) rot: +(\d+)$", re.MULTILINE)


def _run(command: list[str], timeout: float, *, partly: bool = False) -> Finished:
    try:
        return run_program(command, timeout, partly=partly)
    except FileNotFoundError as error:
        raise ToolMissing("poppler (pdfinfo, pdftoppm) is not installed.") from error
    except OSError as error:
        raise EngineFailed(f"{command[0]} could not be started.") from error


def _info(path: Path, options: list[str], timeout: float) -> str:
    """Return what pdfinfo says. Raises PasswordProtected, DamagedDocument, EngineFailed, EngineTimeout, TooLarge."""
    finished = _run(["pdfinfo", *options, str(path)], timeout)
    described = finished.output.decode("utf-8", "ignore")
    if not _PAGES.search(described):
        raise _refusal(finished)
    return described


def _refusal(finished: Finished) -> FolioError:
    if not finished.complaints.strip():
        return EngineFailed("poppler stopped without a word; it may have been killed.")
    if any(phrase in finished.complaints for phrase in _LOCKED):
        return PasswordProtected("The PDF is locked with a password.")
    return DamagedDocument("The PDF is damaged: poppler finds no pages in it.")


def count_pages(path: Path, timeout: float) -> int:
    """Return the number of pages. Raises PasswordProtected, DamagedDocument, EngineFailed, EngineTimeout, TooLarge."""
    return int(_PAGES.findall(_info(path, [], timeout))[-1])  # a title of several lines may say so too, above


def page_sizes(path: Path, count: int, timeout: float) -> dict[int, tuple[float, float]]:
    """Return page number -> width and height in points, as a reader sees the page; without pages of unknown size."""
    return count_and_sizes(path, count, timeout)[1]


def count_and_sizes(path: Path, max_pages: int, timeout: float) -> tuple[int, dict[int, tuple[float, float]]]:
    """Return `count_pages` and `page_sizes` of the first `max_pages` pages. Raises what `count_pages` does."""
    info = _info(path, ["-f", "1", "-l", str(max_pages)], timeout)
    rotations = {match[1]: match[2] for match in _ROTATION.finditer(info)}
    sizes = {}
    for match in _SIZE.finditer(info):
        width, height = float(match[2]), float(match[3])
        sizes[int(match[1])] = (height, width) if rotations.get(match[1]) in ("90", "270") else (width, height)
    return int(_PAGES.findall(info)[-1]), sizes


def media_sizes(path: Path, numbers: Iterable[int], timeout: float) -> dict[int, tuple[float, float]]:
    """Return page number -> width and height in points of the media boxes of some pages, as a reader sees them."""
    sizes = {}
    for number in numbers:
        command = ["pdfinfo", "-box", "-f", str(number), "-l", str(number), str(path)]
        output = _run(command, timeout).output.decode("latin-1")
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


class Drawing(Struct, frozen=True):
    """A drawn page: its file, how often poppler complained, and whether memory was refused it for parts of the page."""

    path: Path
    complaints: int
    is_starved: bool


def draw(path: Path, number: int, dpi: float, folder: Path, timeout: float, *, cropped: bool = True) -> Drawing:
    """Draw one page, as its crop box shows it, into a grey PGM file.

    Raises PageUnreadable where poppler draws nothing and says why, EngineFailed, EngineTimeout, TooLarge.
    """
    target = folder / f"page{number}"
    page = ["-f", str(number), "-l", str(number), *["-cropbox"] * cropped, "-gray", "-singlefile", "-r", str(dpi)]
    finished = _run(["pdftoppm", *page, str(path), str(target)], timeout, partly=True)
    drawn = target.with_suffix(".pgm")
    if drawn.is_file():
        return Drawing(drawn, finished.complaints.count(b"Syntax Error") + finished.is_starved, finished.is_starved)
    if not finished.complaints.strip():
        raise EngineFailed("poppler stopped without a word; it may have been killed.")
    raise PageUnreadable(f"poppler could not draw page {number}.")


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


def draw_jpeg(path: Path, number: int, dpi: float, folder: Path, timeout: float, *, cropped: bool = True) -> Path:
    """Draw one page, as its crop box shows it, into a JPEG file in color.

    Raises EngineFailed, EngineTimeout, ToolMissing.
    """
    target = folder / f"page{number}"
    page = ["-f", str(number), "-l", str(number), *["-cropbox"] * cropped, "-singlefile", "-r", str(dpi)]
    run_programs([["pdftoppm", *page, "-jpeg", "-jpegopt", "quality=85", str(path), str(target)]], folder, timeout)
    drawn = target.with_suffix(".jpg")
    if not drawn.is_file():
        raise EngineFailed(f"poppler could not draw page {number}.")
    return drawn


def version() -> str | None:
    """Return poppler's version, or None if it is not installed."""
    try:
        described = _run(["pdftoppm", "-v"], _VERSION_SECONDS).complaints.decode("latin-1")
    except FolioError:
        return None
    match = re.search(r"pdftoppm version ([\d.]+)", described)
    return match[1] if match else None


_VERSION_SECONDS = 30.0
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
    complaints = run_programs([["pdftotext", *pages]], folder, timeout, ignored=_LOST_TO_DRAWING)
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
    path: Path,
    first: int,
    last: int,
    side: int,
    folder: Path,
    timeout: float,
    *,
    band: tuple[int, int] | None = None,
    smooth_only: bool = False,
) -> tuple[dict[int, tuple[Path, Path]], int]:
    """Draw pages first to last as grey PGM files with smooth and with hard edges of glyphs.

    The longer side has `side` pixels. Only glyphs differ between the two drawings of a page, except those of Type 3
    fonts and outlines. `band` is the first row of pixels that is drawn, and the one after the last; with `smooth_only`
    both drawings are the smooth one. Return the files by page number and how often poppler complained. Raises
    EngineFailed, EngineTimeout, ToolMissing.
    """
    pages = ["-f", str(first), "-l", str(last), "-cropbox", "-gray", "-forcenum", "-scale-to", str(side)]
    if band:
        pages += ["-y", str(band[0]), "-H", str(band[1] - band[0])]
    styles = {"yes": f"smooth{first}"} if smooth_only else {"yes": f"smooth{first}", "no": f"hard{first}"}
    commands = [["pdftoppm", "-aa", smooth, *pages, str(path), str(folder / name)] for smooth, name in styles.items()]
    complaints = run_programs(commands, folder, timeout)
    drawn = [
        {int(file.stem.rpartition("-")[2]): file for file in folder.glob(f"{name}-*.pgm")} for name in styles.values()
    ]
    smooth, hard = drawn[0], drawn[-1]
    return {number: (smooth[number], hard[number]) for number in smooth.keys() & hard.keys()}, complaints
