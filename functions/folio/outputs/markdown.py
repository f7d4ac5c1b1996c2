"""`markdown`: headings, paragraphs and tables (GitHub's), a rule between pages."""

import re
from pathlib import Path

from folio.models import Line, Page, Table
from folio.outputs.base import TextFile
from folio.outputs.csv import grid
from folio.outputs.paragraphs import body_height, height, paragraphs
from folio.text.spacing import is_wide
from folio.transform import Box, Polygon, bounds

# How much taller than the body the lines of a heading are -> its level.
_LEVELS = ((1.8, "# "), (1.45, "## "), (1.2, "### "))
_MAX_HEADING_LINES = 3
_MAX_HEADING_CHARACTERS = 200

# What would be taken for markup where it stands: anywhere, and at the start of a line.
_MARKUP = re.compile(r"([\\`*_\[\]<>|~])")
_LINE_MARKUP = re.compile(r"^(\s*)(#{1,6}(?= |$)|[-+](?= |$)|=+\s*$|-{3,}\s*$|\d{1,9}[.)](?= |$))")


class MarkdownWriter(TextFile):
    """CommonMark with GitHub's tables, UTF-8. Lines of a paragraph are joined, words hyphenated at a line's end too."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "markdown.md")
        self._first = True

    def add(self, page: Page) -> None:
        if not self._first:
            self.write("\n---\n\n")
        self._first = False
        self.write("\n\n".join(_blocks(page)) + "\n")


def _blocks(page: Page) -> list[str]:
    """Return headings, paragraphs and tables from the top down, without lines that lie in a table."""
    body = body_height(page.lines)
    tables = list(page.tables)
    blocks = []
    for lines in paragraphs([line for line in page.lines if not any(_inside(line, table) for table in tables)]):
        while tables and _above(tables[0], lines[0]):
            blocks.append(_table(tables.pop(0)))
        blocks.append(_paragraph(lines, body))
    return [block for block in (*blocks, *map(_table, tables)) if block]


def _inside(line: Line, table: Table) -> bool:
    left, top, right, bottom = line.bounds
    area = _area(table)
    if area is None:
        return False
    x, y = (left + right) / 2, (top + bottom) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _above(table: Table, line: Line) -> bool:
    area = _area(table)
    return area is not None and area[1] <= line.bounds[1]


def _area(table: Table) -> Box | None:
    polygons: list[Polygon] = [table.polygon] if table.polygon else [c.polygon for c in table.cells if c.polygon]
    return bounds(*polygons) if polygons else None


def _paragraph(lines: list[Line], body: float) -> str:
    text = ""
    for line in lines:
        text = _joined(text, " ".join(line.text.split()))
    taller = min(height(line) for line in lines) / body if body else 1.0
    short = len(lines) <= _MAX_HEADING_LINES and len(text) <= _MAX_HEADING_CHARACTERS
    prefix = next((prefix for ratio, prefix in _LEVELS if taller >= ratio), "") if short else ""
    text = _MARKUP.sub(r"\\\1", text)
    return prefix + text if prefix else _LINE_MARKUP.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    space, markup = match.groups()
    return f"{space}{markup[:-1]}\\{markup[-1]}" if markup[0].isdigit() else f"{space}\\{markup}"


def _joined(text: str, line: str) -> str:
    """Append a line to a text: a hyphenated word is joined, Chinese goes on without a space."""
    if not text or not line:
        return text + line
    if re.search(r"[^\W\d_]{2}[-\u00ad]$", text) and line[0].islower():
        return text[:-1] + line
    return text + line if is_wide(text[-1]) and is_wide(line[0]) else f"{text} {line}"


def _table(table: Table) -> str:
    """Format a table; its first row is the header, which GitHub requires. Spanned cells stay empty."""
    rows = [[_MARKUP.sub(r"\\\1", " ".join(cell.split())) for cell in row] for row in grid(table)]
    if not rows:
        return ""
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
