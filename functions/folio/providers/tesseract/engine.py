"""Tesseract as a provider: which pages it is asked to read how, and its TSV as lines and words."""

import re
import tempfile
from functools import cached_property
from itertools import accumulate, groupby, pairwise
from pathlib import Path

from msgspec.structs import replace

from folio.config.options import AUTO, PAPER_MODES, Options
from folio.deadline import Deadline
from folio.documents.raster import pixels
from folio.errors import EngineFailed, FolioError, UnknownLanguage
from folio.models import Line, PageImage, PageText, Word
from folio.providers.base import Declaration, Status
from folio.providers.cost import Ledger
from folio.providers.registry import require_mode
from folio.providers.scripts import Script, script_called
from folio.providers.tesseract import program
from folio.providers.tesseract.by_script import read_by_script
from folio.providers.tesseract.columns import crosses_columns, keeping_columns_apart
from folio.providers.tesseract.second_pass import AUTOMATIC_PSM, MIN_UPRIGHT_CONFIDENCE, SecondPass, second_pass
from folio.providers.tesseract.wide_boxes import has_wide_lines, lay_on_ink
from folio.providers.tiling import Limits, read_in_tiles
from folio.text.confidence import confidence_of
from folio.text.geometry import join_words
from folio.text.spacing import is_wide, with_wide_signs
from folio.transform import Box, box

# Tesseract takes it for a measure of characters, not of paper. What a picture's header says is mostly a screen's.
_ASSUMED_DPI = 300
_NARROW_GUTTER_DPI = 150  # at which it parts columns that stand closer
_PSM = {"receipt": "4"}  # one column of text of many sizes
_VERTICAL_PSM = "5"  # "a single uniform block of vertically aligned text"; the automatic mode loses whole columns
_VERTICAL = "_vert"  # how names of data for vertical text end
_SINGLE_PASS_RECIPES = ("none", "classic")
# These recipes invert dark regions, so that no line has to be tried light on dark as well.
_DARK_ON_LIGHT_RECIPES = ("auto", "scan")
_DARK_ON_LIGHT = ("-c", "invert_threshold=0")
_SECOND_PASS_SECONDS = 5.0  # that must remain for one
MAX_SIDE_PX = 32_767  # of a longer side Tesseract says "Image too large"
_TILE_LIMITS = Limits(size=2**40, counted="raw", min_side=1, max_side=MAX_SIDE_PX, max_ratio=MAX_SIDE_PX, min_scale=1.0)
_LINE_LEVEL, _WORD_LEVEL = "4", "5"
_COLUMNS = 12  # level page block par line word left top width height conf text


DECLARATION = Declaration(
    name="tesseract",
    title="Tesseract",
    chinese_title="Tesseract",
    modes=("general", *PAPER_MODES),
    make=lambda _settings: Tesseract(),
)


class Tesseract:
    name = DECLARATION.name

    def version(self) -> str:
        return self._version

    @cached_property
    def _version(self) -> str:
        return program.version()

    @cached_property
    def data(self) -> tuple[str, ...]:
        """The names of all installed data."""
        return program.installed_data()

    @property
    def languages(self) -> tuple[str, ...]:
        """Installed languages, without the orientation data."""
        return tuple(name for name in self.data if name != program.ORIENTATION)

    def check(self, options: Options) -> None:
        require_mode(self.name, options.mode)
        if missing := [name for name in options.languages if name not in (AUTO, *self.languages)]:
            installed = ", ".join(self.languages) or "none"
            raise UnknownLanguage(f"Tesseract has no data for {', '.join(missing)}; installed: {installed}.")

    def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:
        ledger.count(self.name, options.mode)
        try:
            return self._recognize(page, options, deadline)
        except FolioError:
            ledger.fail(self.name, options.mode)
            raise

    def _recognize(self, page: PageImage, options: Options, deadline: Deadline) -> PageText:
        if options.languages[0] != AUTO:
            return self._recognize_known(page, options, deadline)

        def read_in(languages: tuple[str, ...]) -> PageText:
            return self._recognize_known(page, replace(options, languages=languages), deadline)

        def script() -> Script | None:
            return self._script(page.path, deadline) if program.ORIENTATION in self.data else None

        return read_by_script(options.languages[1:], self.languages, script, read_in)

    def _script(self, path: Path, deadline: Deadline) -> Script | None:
        """Return the script that Tesseract takes a page to be written in, None for Latin letters or none."""
        try:
            answer = program.orientation(path, _ASSUMED_DPI, deadline)
        except EngineFailed:  # there are too few characters to tell
            return None
        match = re.search(r"^Script: (\w+)", answer, re.MULTILINE)
        return script_called(match[1]) if match else None

    def _recognize_known(self, page: PageImage, options: Options, deadline: Deadline) -> PageText:
        def read(image: PageImage, psm: str) -> PageText:
            return self._read(image, options, psm, deadline)

        def read_narrow(image: PageImage) -> PageText:
            return self._read(image, options, AUTOMATIC_PSM, deadline, _NARROW_GUTTER_DPI)

        psm = options.psm or (_VERTICAL_PSM if _is_vertical(options) else _PSM.get(options.recipe, AUTOMATIC_PSM))
        first = read(page, psm)
        if _is_vertical(options):  # what would be a sign of a page on its side, or of text not read, is right here
            return first
        if options.recipe in _SINGLE_PASS_RECIPES or not options.second_pass or not deadline.has(_SECOND_PASS_SECONDS):
            return first
        if psm == AUTOMATIC_PSM and crosses_columns(first):
            first = keeping_columns_apart(first, read_narrow(page))
        if psm != (options.psm or AUTOMATIC_PSM) and confidence_of(first) < MIN_UPRIGHT_CONFIDENCE:
            # Of a page that lies on its side one column reads as nothing or nonsense; the automatic mode turns it.
            other = read(page, AUTOMATIC_PSM)
            first, psm = (other, AUTOMATIC_PSM) if confidence_of(other) > confidence_of(first) else (first, psm)
        with tempfile.TemporaryDirectory(dir=page.path.parent, prefix="second-pass-") as folder:
            better = second_pass(SecondPass(page, read, Path(folder), psm, options.second_pass), first)
        return better if better is first or better.rotation else _on_ink(better, page.path)

    def _read(
        self, page: PageImage, options: Options, psm: str, deadline: Deadline, dpi: int = _ASSUMED_DPI
    ) -> PageText:
        """Read an image whole, or in tiles if it is too long, such as a screenshot of all that was scrolled by."""
        return read_in_tiles(page.path, _TILE_LIMITS, lambda path: self._read_file(path, options, psm, deadline, dpi))

    def _read_file(self, path: Path, options: Options, psm: str, deadline: Deadline, dpi: int) -> PageText:
        switches = _DARK_ON_LIGHT * (options.recipe in _DARK_ON_LIGHT_RECIPES)
        table = program.words(path, options.languages, psm, dpi, deadline, *switches)
        if _is_vertical(options):
            return _page_text(table, vertical=True)
        return _on_ink(_page_text(table), path)

    def status(self) -> Status:
        try:
            detail = f"{self.version()}; languages: {', '.join(self.languages) or 'none'}"
        except FolioError as error:
            return Status(self.name, usable=False, detail=error.message, missing=("tesseract",))
        missing = () if self.languages else ("language data (tessdata)",)
        return Status(self.name, usable=not missing, detail=detail, missing=missing)


def _on_ink(text: PageText, path: Path) -> PageText:
    """Return the text of an image with the boxes of Chinese words on their ink."""
    if not has_wide_lines(text) or (image := pixels.read(path)) is None:
        return text
    return lay_on_ink(text, image)


def _is_vertical(options: Options) -> bool:
    return all(name.endswith(_VERTICAL) for name in options.languages)


def _page_text(table: str, *, vertical: bool = False) -> PageText:
    """Return lines and words from Tesseract's TSV; blocks and paragraphs are set apart by an empty line."""
    rows = [row.split("\t", _COLUMNS - 1) for row in table.splitlines()[1:]]
    words = [row for row in rows if len(row) == _COLUMNS and row[0] == _WORD_LEVEL and row[11].strip()]
    columns = {tuple(row[1:5]): _box(row) for row in rows if vertical and row[0] == _LINE_LEVEL}
    paragraphs = []
    lines: list[Line] = []
    for _, paragraph in groupby(words, key=lambda row: row[1:4]):
        by_line = (list(line) for _, line in groupby(paragraph, key=lambda row: row[4]))
        read = [_line(line, columns.get(tuple(line[0][1:5]))) for line in by_line]
        paragraphs.append("\n".join(line.text for line in read))
        lines += read
    return PageText("\n\n".join(paragraphs), tuple(lines))


def _line(rows: list[list[str]], column: Box | None) -> Line:
    words = with_wide_signs([Word(row[11].strip(), _confidence(row[10]), box(*_box(row))) for row in rows])
    return join_words(_down(words, column) if column else words)


def _down(words: tuple[Word, ...], column: Box) -> tuple[Word, ...]:
    """Return the words of a column with boxes made from the column's: Tesseract's own lie lower by nearly a character.

    Chinese is set in squares, and so each character has as much of the column as any other; Latin letters have half.
    """
    left, top, right, bottom = column
    lengths = [sum(1.0 if is_wide(character) else 0.5 for character in word.text) for word in words]
    ends = [top + (bottom - top) * end / sum(lengths) for end in accumulate(lengths, initial=0.0)]
    polygons = (box(left, start, right, end) for start, end in pairwise(ends))
    return tuple(replace(word, polygon=polygon) for word, polygon in zip(words, polygons, strict=True))


def _confidence(percent: str) -> float | None:
    value = float(percent)
    return round(min(value, 100.0) / 100, 4) if value >= 0 else None


def _box(row: list[str]) -> Box:
    left, top, width, height = (float(value) for value in row[6:10])
    return left, top, left + width, top + height
