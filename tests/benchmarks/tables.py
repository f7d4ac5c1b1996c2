"""How well tables are found: F1 of neighbouring cells, as in the ICDAR 2013 table competition.

    python -m tests.benchmarks.tables RESULTS TRUTH

RESULTS holds results of `folio read` (NAME.ocr.json or NAME.pdf.ocr.json), TRUTH the competition's NAME-str.xml, cells
with spans and text. A relation is two cells beside or below each other with nothing but blank cells between them; their
texts are compared by letters and digits alone. Whole pages count: what is taken for a table and is none makes wrong
relations. Printed are the mean of the documents' F1 and F1 of the sums, of all and of each kind of table; a document's
kind is that of most of its true cells (`ruled`, `level` lines only, `none`), told in TRUTH/kinds.json if it is there.
"""

import itertools
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from folio.models import Result, Table, decode


class Cell(NamedTuple):
    """Rows and columns are counted from 0, the last ones included."""

    text: str
    top: int
    left: int
    bottom: int
    right: int


type Relation = tuple[str, str, str]


class Score(NamedTuple):
    """Relations that are right, of the truth, and that were found."""

    right: int
    true: int
    found: int

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.true + self.found) if self.true + self.found else 1.0


def fold(text: str) -> str:
    """Return the letters and digits of a text, case-folded."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def relations(cells: Iterable[Cell]) -> Counter[Relation]:
    """Return what stands beside what in one table; blank cells are passed over."""
    grid: dict[tuple[int, int], int] = {}
    texts: list[str] = []
    for cell in cells:
        if text := fold(cell.text):
            texts.append(text)
            for row in range(cell.top, cell.bottom + 1):
                for column in range(cell.left, cell.right + 1):
                    grid.setdefault((row, column), len(texts) - 1)
    pairs = _neighbours(sorted(grid), grid, "right") | _neighbours(
        sorted(grid, key=lambda place: place[::-1]), grid, "below"
    )
    return Counter((texts[one], texts[other], direction) for one, other, direction in pairs)


def _neighbours(
    places: list[tuple[int, int]], grid: dict[tuple[int, int], int], direction: str
) -> set[tuple[int, int, str]]:
    line = 0 if direction == "right" else 1
    steps = itertools.pairwise(places)
    return {(grid[a], grid[b], direction) for a, b in steps if a[line] == b[line] and grid[a] != grid[b]}


def score(found: Iterable[Iterable[Cell]], true: Iterable[Iterable[Cell]]) -> Score:
    """Compare the tables of one document."""
    ours = sum(map(relations, found), Counter[Relation]())
    truth = sum(map(relations, true), Counter[Relation]())
    return Score((ours & truth).total(), truth.total(), ours.total())


def truth(path: Path) -> list[list[Cell]]:
    """Read the tables of a NAME-str.xml; a table's parts on several pages or in several regions stand alone."""
    return [
        [_true_cell(cell) for cell in region.iter("cell")]
        for region in ElementTree.parse(path).getroot().iter("region")
    ]


def _true_cell(cell: ElementTree.Element) -> Cell:
    top, left = int(cell.attrib["start-row"]), int(cell.attrib["start-col"])
    bottom, right = int(cell.get("end-row", top)), int(cell.get("end-col", left))
    return Cell(cell.findtext("content") or "", top, left, bottom, right)


def cells_of(table: Table) -> list[Cell]:
    return [
        Cell(cell.text, cell.row, cell.column, cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)
        for cell in table.cells
    ]


def summary(scores: dict[str, Score], kinds: dict[str, str]) -> str:
    """Return a line for all documents and one for each kind: how many, mean F1, F1 of the sums."""
    lines = []
    for kind in ["all", *sorted(set(kinds.values()))]:
        chosen = [one for name, one in scores.items() if kind in ("all", kinds.get(name))]
        if chosen:
            mean = sum(one.f1 for one in chosen) / len(chosen)
            summed = Score(*map(sum, zip(*chosen, strict=True)))
            lines.append(f"{kind:6} {len(chosen):3} documents  mean {mean:.3f}  summed {summed.f1:.3f}")
    return "\n".join(lines)


def main(results: Path, true: Path) -> None:
    scores = {}
    for path in sorted(true.glob("*-str.xml")):
        name = path.name.removesuffix("-str.xml")
        files = [file for file in results.glob(f"{name}.*json") if file.is_file()]
        if files:
            pages = decode(files[0].read_bytes(), Result).pages
            scores[name] = score((cells_of(table) for page in pages for table in page.tables), truth(path))
            print(f"{name}  {scores[name].f1:.3f}  {scores[name].right}/{scores[name].true}/{scores[name].found}")
    kinds = true / "kinds.json"
    print(summary(scores, json.loads(kinds.read_text()) if kinds.is_file() else {}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
