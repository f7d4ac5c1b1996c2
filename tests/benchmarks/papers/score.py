"""How well drawn papers were read: `python -m tests.benchmarks.papers.score FOLDER RESULTS [--again]`.

FOLDER is what `python -m tests.benchmarks.papers` has drawn, RESULTS what `folio read --mode auto` made of it. Printed
are how many fields and items are exact (widths and spaces count as equal), for each way of showing papers and each
kind, every miss, and wrong fields whose check had passed, of which there must be none. `--again` finds the fields
anew in the words of the results.
"""

import argparse
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from folio.models import Field, Result, decode
from folio.structure.fields.find import fields_of
from folio.structure.fields.qr_codes import witnessed


def plain(value: str) -> str:
    """Return a value without what engines and printers write in more than one way: widths, and spaces."""
    return "".join(unicodedata.normalize("NFKC", value).split())


def fields_in(result: Result, *, again: bool) -> tuple[str | None, tuple[Field, ...]]:
    """Return the kind of a result's only page and its fields, found anew in its words if `again`."""
    page = result.pages[0]
    if not again:
        return page.kind, result.fields
    kind, fields = fields_of(page, "auto")
    return kind, witnessed(fields, [code.value for code in page.codes]) if kind == "invoice" else fields


def values_of(fields: Iterable[Field]) -> dict[str, Field]:
    """Return fields by their names; those of items with the number of their row."""
    return {f"{one.name}#{one.item}" if one.item else one.name: one for one in fields}


def expected_of(row: dict[str, object]) -> dict[str, str]:
    """Return what should be there, under the same names."""
    fields, items = row["fields"], row["items"]
    assert isinstance(fields, dict)
    assert isinstance(items, list)
    rows = ((f"{name}#{number}", value) for number, item in enumerate(items, 1) for name, value in item.items())
    return {**fields, **dict(rows)}


class Score:
    """Counts of exact values, of all and by groups, and lines about what is wrong."""

    def __init__(self) -> None:
        self.right, self.total = Counter[str](), Counter[str]()
        self.lines: list[str] = []
        self.wrong_though_passed = 0

    def add(self, row: dict[str, object], kind: str | None, fields: Iterable[Field]) -> None:
        """Count what was found on a paper; `row` is what the index says of it."""
        found, expected = values_of(fields), expected_of(row)
        if kind != row["kind"]:
            self.lines.append(f"{row['file']}: a {kind}")
        for name, value in expected.items():
            self._compare(row, name, value, found.get(name))
        for name, one in found.items():
            if name not in expected and name != "invoice_type" and one.check == "passed":
                self.wrong_though_passed += 1
                self.lines.append(f"{row['file']}: there is no {name}, read {one.value!r}, passed")

    def _compare(self, row: dict[str, object], name: str, value: str, one: Field | None) -> None:
        is_right = one is not None and plain(one.value) == plain(value)
        for group in ("all", str(row["how"]), str(row["file"]).rsplit("-", 2)[0]):
            self.total[group] += 1
            self.right[group] += is_right
        if not is_right:
            self.wrong_though_passed += bool(one and one.check == "passed")
            read = f"{one.value!r}, {one.check}" if one else "nothing"
            self.lines.append(f"{row['file']}: {name} is {value!r}, read {read}")

    def report(self) -> str:
        shares = (
            f"{name:20} {self.right[name]}/{count} {self.right[name] / count:.4f}" for name, count in self.total.items()
        )
        return "\n".join([*self.lines, *shares, f"wrong, though passed: {self.wrong_though_passed}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--again", action="store_true")
    asked = parser.parse_args()
    score = Score()
    for line in (asked.folder / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if path := next(asked.results.rglob(f"{row['file']}.ocr.json"), None):
            score.add(row, *fields_in(decode(path.read_bytes(), Result), again=asked.again))
    print(score.report())


if __name__ == "__main__":
    main()
