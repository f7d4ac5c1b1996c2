"""Sheets with a ruled table, drawn with all that is known of them: words, cells, spans; turned and askew."""

import math
import random
from pathlib import Path

import cv2
import msgspec
import numpy as np
from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

from folio.models import Cell, Line, Page, Word
from folio.transform import Polygon, Transform, bounds, box

WIDTH, HEIGHT = 1654, 2339  # A4 at 200 DPI
SIZE = 26  # of the text, in pixels
LEADING, PADDING = 36, 14
WORDS = [
    "net",
    "gross",
    "total",
    "income",
    "2019",
    "1,204.50",
    "14%",
    "(33)",
    "other",
    "assets",
    "rate",
    "per",
    "head",
    "share",
    "of",
    "all",
    "lost",
    "kept",
    "7",
    "0.5",
]


class Sheet(Struct):
    """A sheet on which `page` has been read; its drawing is at `path`."""

    path: Path
    page: Page
    cells: list[Cell]


def draw_sheet(seed: int, path: Path, *, turned: int = 0, skew: float = 0.0) -> Sheet:
    """Draw a sheet, turned by quarters clockwise (in degrees) and then askew."""
    rng = random.Random(seed)
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(SIZE)
    lines: list[Line] = []
    _text(pen, font, "Table 3. What was counted in the year, by kind", 140, 120, lines)
    cells = _spans(rng, rows=rng.randint(4, 11), columns=rng.randint(3, 6))
    xs, ys = _edges(rng, cells)
    thickness = rng.choice((1, 2, 3))
    for index, cell in enumerate(cells):
        left, right = xs[cell.column], xs[cell.column + cell.column_span]
        top, bottom = ys[cell.row], ys[cell.row + cell.row_span]
        pen.rectangle((left, top, right, bottom), outline=0, width=thickness)
        texts = _wrapped(font, cell.text, right - left - 2 * PADDING)
        for number, text in enumerate(texts):
            _text(pen, font, text, left + PADDING, top + PADDING + number * LEADING, lines)
        cells[index] = Cell(
            text=" ".join(texts), row=cell.row, column=cell.column, row_span=cell.row_span, column_span=cell.column_span
        )
    for number in range(4):
        _text(pen, font, "What follows is a line of text that is as wide as the sheet and no part of the table.", 140,
              ys[-1] + 60 + number * LEADING, lines)  # fmt: skip
    return _turned(np.asarray(image), lines, cells, path, turned, skew)


def _spans(rng: random.Random, rows: int, columns: int) -> list[Cell]:
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            down, across = rng.choices(((1, 1), (1, 2), (2, 1), (2, 2)), (16, 2, 2, 1))[0]
            places = {(row + i, column + j) for i in range(down) for j in range(across)}
            if row + down > rows or column + across > columns or places & taken:
                down, across, places = 1, 1, {(row, column)}
            taken |= places
            text = " ".join(rng.choices(WORDS, k=rng.randint(1, 5))) if rng.random() < 0.9 else ""
            cells.append(Cell(text=text, row=row, column=column, row_span=down, column_span=across))
    return cells


def _edges(rng: random.Random, cells: list[Cell]) -> tuple[list[int], list[int]]:
    columns = max(cell.column + cell.column_span for cell in cells)
    rows = max(cell.row + cell.row_span for cell in cells)
    widths = [rng.randint(190, 1360 // columns) if columns < 7 else 190 for _ in range(columns)]
    heights = [rng.choice((1, 1, 2, 3)) * LEADING + 2 * PADDING for _ in range(rows)]
    font = ImageFont.load_default(SIZE)
    xs = [140 + sum(widths[:index]) for index in range(columns + 1)]
    for cell in cells:  # rows as high as their texts need
        width = xs[cell.column + cell.column_span] - xs[cell.column] - 2 * PADDING
        need = len(_wrapped(font, cell.text, width)) * LEADING + 2 * PADDING
        missing = need - sum(heights[cell.row : cell.row + cell.row_span])
        heights[cell.row + cell.row_span - 1] += max(0, missing)
    return xs, [220 + sum(heights[:index]) for index in range(rows + 1)]


def _wrapped(font: ImageFont.FreeTypeFont | ImageFont.ImageFont, text: str, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _text(
    pen: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, text: str, x: float, y: float,
    lines: list[Line],
) -> None:  # fmt: skip
    words, start = [], x
    for word in text.split():
        left, top, right, bottom = pen.textbbox((start, y), word, font=font)
        pen.text((start, y), word, 0, font)
        words.append(Word(word, 0.99, box(left, top, right, bottom)))
        start += font.getlength(word + " ")
    lines.append(Line(text, 0.99, box(*bounds(*(word.polygon for word in words))), tuple(words)))


def _turned(grey: np.ndarray, lines: list[Line], cells: list[Cell], path: Path, turned: int, skew: float) -> Sheet:
    angle = math.radians(turned + skew)
    cosine, sine = math.cos(angle), math.sin(angle)
    turn = Transform((cosine, -sine, 0, sine, cosine, 0, 0, 0, 1))
    left, top, right, bottom = bounds(turn.polygon(box(0, 0, WIDTH, HEIGHT)))
    turn = turn.then(Transform((1, 0, -left, 0, 1, -top, 0, 0, 1)))
    size = round(right - left), round(bottom - top)
    matrix = np.array(turn.matrix[:6]).reshape(2, 3)
    cv2.imwrite(str(path), cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_LINEAR, borderValue=255))
    page = Page(number=1, width=size[0], height=size[1], dpi=200.0, lines=tuple(_moved(line, turn) for line in lines))
    return Sheet(path, page, cells)


def _moved(line: Line, turn: Transform) -> Line:
    def rounded(polygon: Polygon) -> Polygon:
        p, q, r, s = ((round(x, 1), round(y, 1)) for x, y in turn.polygon(polygon))
        return p, q, r, s

    words = tuple(Word(word.text, word.confidence, rounded(word.polygon)) for word in line.words)
    return Line(line.text, line.confidence, rounded(line.polygon), words)


def bent(sheet: Sheet, path: Path, *, rise: float, keystone: float) -> Sheet:
    """Show a sheet curled by `rise` pixels and from below, its upper edge narrower by `keystone` of its width."""
    width, height = sheet.page.width, sheet.page.height
    image = cv2.imread(str(sheet.path), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    inset = keystone * width / 2
    seen = corners + np.array([(inset, 0), (-inset, 0), (0, 0), (0, 0)], np.float32)
    forward = cv2.getPerspectiveTransform(corners, seen)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    flat = cv2.perspectiveTransform(np.stack([columns, rows], -1), np.linalg.inv(forward))
    down = flat[..., 1] - rise * np.sin(np.pi * flat[..., 0] / width)
    cv2.imwrite(str(path), cv2.remap(image, flat[..., 0], down.astype(np.float32), cv2.INTER_AREA, borderValue=(255,)))

    def seen_at(polygon: Polygon) -> Polygon:
        curled = [(x, y + rise * math.sin(math.pi * x / width)) for x, y in polygon]
        p, q, r, s = cv2.perspectiveTransform(np.array([curled], np.float32), forward)[0].tolist()
        return tuple(p), tuple(q), tuple(r), tuple(s)

    lines = []
    for line in sheet.page.lines:
        words = tuple(msgspec.structs.replace(word, polygon=seen_at(word.polygon)) for word in line.words)
        lines.append(msgspec.structs.replace(line, polygon=seen_at(line.polygon), words=words))
    return Sheet(path, msgspec.structs.replace(sheet.page, lines=tuple(lines)), sheet.cells)
