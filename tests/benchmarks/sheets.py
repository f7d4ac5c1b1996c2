"""How well PP-OCR and the table finder read ruled sheets of our own making, turned and askew.

Run: .venv/bin/python -m tests.benchmarks.sheets [--count N] [--seed N]

F1 of neighboring cells, summed: N sheets for each of four directions, level, askew by 1.5 and by -3 degrees in turn.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from folio.providers.ppocr.page import reader
from folio.structure.tables.find import find_tables
from folio.structure.tables.rules import Rules, rules_in
from folio.text.bend import Bend
from folio.transform import Transform
from tests.benchmarks.tables import Cell, cells_of, score
from tests.support.ruled_sheets import Sheet, draw_sheet

SKEWS = (0.0, 1.5, -3.0)


def tables_of(sheet: Sheet) -> list[list[Cell]]:
    def find_rules(
        upright: Transform, size: tuple[float, float], height: float, bends: Sequence[Bend | None]
    ) -> list[Rules]:
        return rules_in(sheet.path, upright, size, height, bends)

    page = msgspec.structs.replace(sheet.page, lines=reader.read_page(sheet.path, ("auto",)).lines)
    return [cells_of(table) for table in find_tables(page, find_rules)]


def truth_of(sheet: Sheet) -> list[Cell]:
    return [
        Cell(cell.text, cell.row, cell.column, cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)
        for cell in sheet.cells
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--seed", type=int, default=5000)
    asked = parser.parse_args()
    counts = []
    with TemporaryDirectory() as folder:
        for turned in (0, 90, 180, 270):
            for number in range(asked.count):
                skew = SKEWS[number % len(SKEWS)]
                path = Path(folder) / "sheet.pgm"
                sheet = draw_sheet(asked.seed + 1000 * turned + number, path, turned=turned, skew=skew)
                counts.append(score(tables_of(sheet), [truth_of(sheet)]))
                print(f"turned {turned:3}, skew {skew:4}: {counts[-1]}", flush=True)
    right, true, found = (sum(column) for column in zip(*counts, strict=True))
    print(f"F1 {2 * right / (true + found):.4f} of {len(counts)} sheets")


if __name__ == "__main__":
    main()
