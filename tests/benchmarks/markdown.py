"""How like a person's Markdown ours is: order of the text, headings, tables; and the order of plain texts.

Run: .venv/bin/python -m tests.benchmarks.markdown TRUTHS RESULTS [--each]

TRUTHS is a folder of NAME.md, or one with an index.jsonl of texts in reading order; RESULTS has NAME*.ocr.json of the
same names, anywhere below. Structure is found anew from the lines and tables in the results.

`edit` is the Levenshtein distance between all text in order without markup, as a share of the longer one: NFKC,
case-folded, white space and punctuation left out. `headings` is the F1 of headings with the same text (a title is one;
levels are not compared). `tables` is TEDS, each table of the truth against the one of ours most like it, in order:
Zhong et al. 2020, "Image-based table recognition: data, model, and evaluation"; 1 - edit distance of trees / nodes.
"""

import argparse
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from html.parser import HTMLParser
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

import msgspec

from folio.bench.scores import distance, normalized
from folio.models import Page, Result, decode
from folio.outputs.markdown import MarkdownWriter
from folio.structure.document import document_pages

type Cell = tuple[str, int, int]  # text, row span, column span
type Grid = list[list[Cell]]

_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*$", re.MULTILINE)
_TABLE = re.compile(r"<table.*?</table>|(?:^\|.*\|[ ]*\n?)+", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->|!\[[^\]]*\]\([^)]*\)", re.DOTALL)


def folded(text: str) -> str:
    """Letters and digits alone."""
    return "".join(character for character in normalized(text) if character.isalnum())


def plain(markdown: str) -> str:
    """Return the text of Markdown without its markup."""
    text = re.sub(r"(?<!\\)<[^>]*>", " ", _COMMENT.sub(" ", markdown))
    return folded(html.unescape(text))


def edit(truth: str, read: str) -> float:
    return distance(truth, read) / max(len(truth), len(read), 1)


def headings(truth: str, read: str) -> tuple[int, int, int]:
    """Return how many headings are right, are in the truth, and are read."""
    wanted, found = ([folded(html.unescape(text)) for text in _HEADING.findall(one)] for one in (truth, read))
    rest = list(found)
    right = 0
    for one in wanted:
        match = next((other for other in rest if edit(one, other) <= 0.1), None)
        if match is not None:
            rest.remove(match)
            right += 1
    return right, len(wanted), len(found)


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: Grid = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            spans = dict(attrs)
            self.rows[-1].append(("", int(spans.get("rowspan") or 1), int(spans.get("colspan") or 1)))
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._open:
            text, rows, columns = self.rows[-1][-1]
            self.rows[-1][-1] = (text + data, rows, columns)


def tables(markdown: str) -> list[Grid]:
    found: list[Grid] = []
    for match in _TABLE.finditer(markdown):
        text = match.group()
        if text.startswith("<"):
            parser = _Cells()
            parser.feed(text)
            found.append(parser.rows)
        else:
            rows = [re.split(r"(?<!\\)\|", row.strip()[1:-1]) for row in text.strip().splitlines()]
            kept = [row for row in rows if not all(re.fullmatch(r"\s*:?-+:?\s*", cell) for cell in row)]
            found.append([[(cell, 1, 1) for cell in row] for row in kept])
    return [[[(folded(text), rows, columns) for text, rows, columns in row] for row in grid] for grid in found if grid]


def teds(truth: Grid, read: Grid) -> float:
    """Return the similarity of two tables as trees of rows of cells.

    Rows are aligned, and the cells in them: for trees of this depth whose inner nodes are alike, that is the edit
    distance with every row's cells under their own row.
    """
    sizes = [1 + sum(1 + len(row) for row in grid) for grid in (truth, read)]
    return 1 - _aligned(truth, read, lambda row: 1.0 + len(row), _rows_differ) / max(sizes)


def _rows_differ(one: Sequence[Cell], two: Sequence[Cell]) -> float:
    return _aligned(one, two, lambda _: 1.0, _differ)


def _differ(one: Cell, two: Cell) -> float:
    return 1.0 if one[1:] != two[1:] else edit(one[0], two[0])


def _aligned[T](
    one: Sequence[T], two: Sequence[T], alone: Callable[[T], float], both: Callable[[T, T], float]
) -> float:
    """Return the least cost of turning one sequence into another."""
    costs = [0.0]
    for item in two:
        costs.append(costs[-1] + alone(item))
    for item in one:
        line = [costs[0] + alone(item)]
        for index, other in enumerate(two):
            line.append(min(costs[index + 1] + alone(item), line[-1] + alone(other), costs[index] + both(item, other)))
        costs = line
    return costs[-1]


def best_tables(truth: Sequence[Grid], read: Sequence[Grid]) -> list[float]:
    rest = list(read)
    found = []
    for grid in truth:
        scores = [teds(grid, other) for other in rest]
        found.append(max(scores, default=0.0))
        if scores and found[-1] > 0.3:
            rest = rest[scores.index(found[-1]) + 1 :] or rest[:0]
    return found


def markdown(pages: Iterable[Page], *, anew: bool = True) -> str:
    bare = (msgspec.structs.replace(page, blocks=()) if anew else page for page in pages)
    with TemporaryDirectory() as folder:
        writer = MarkdownWriter(Path(folder))
        for page in document_pages(bare):
            writer.add(page)
        return writer.finish().read_text("utf-8")


def results(folder: Path) -> dict[str, Result]:
    known = (path for path in folder.rglob("*.json") if not path.parent.name.endswith(".ocr"))
    paths = sorted(path for path in known if not path.name.endswith(".error.json"))
    names = ((path.name.removesuffix(".json").removesuffix(".ocr"), path) for path in paths)
    return {Path(name).stem if "." in name else name: decode(path.read_bytes(), Result) for name, path in names}


def truths(folder: Path) -> dict[str, tuple[str, bool]]:
    """Return by name the truth, and whether it is Markdown."""
    found = {path.stem: (path.read_text("utf-8"), True) for path in folder.glob("*.md") if path.name != "README.md"}
    index = folder / "index.jsonl"
    if not found and index.exists():
        rows = (json.loads(line) for line in index.read_text("utf-8").splitlines())
        found = {Path(row["file"]).stem: (unicodedata.normalize("NFKC", row["text"]), False) for row in rows}
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("truths", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--each", action="store_true")
    arguments = parser.parse_args()
    edits, plain_edits, table_scores, counts = [], [], [], [0, 0, 0]
    read = results(arguments.results)
    for name, (truth, is_markdown) in sorted(truths(arguments.truths).items()):
        if name not in read:
            continue
        ours = markdown(read[name].pages)
        wanted = plain(truth) if is_markdown else folded(truth)
        edits.append(edit(wanted, plain(ours)))
        plain_edits.append(edit(wanted, folded(read[name].text)))
        scores = best_tables(tables(truth), tables(ours)) if is_markdown else []
        table_scores += scores
        heads = headings(truth, ours) if is_markdown else (0, 0, 0)
        counts = [one + more for one, more in zip(counts, heads, strict=True)]
        if arguments.each:
            print(
                f"{name:40} edit {edits[-1]:.3f} text {plain_edits[-1]:.3f} headings {heads}",
                *map("{:.2f}".format, scores),
            )
    right, wanted_heads, found_heads = counts
    f1 = 2 * right / max(wanted_heads + found_heads, 1)
    tables_mean = mean(table_scores) if table_scores else float("nan")
    print(f"{len(edits)} documents: edit {mean(edits):.3f} (plain text {mean(plain_edits):.3f}), headings F1 {f1:.3f}, "
          f"tables {tables_mean:.3f} of {len(table_scores)}")  # fmt: skip


if __name__ == "__main__":
    main()
