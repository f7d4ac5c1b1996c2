"""`folio bench`: how much is read of documents whose text is known."""

import sys
from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path

import click

from folio.cli import console
from folio.cli.flags import examples, pair
from folio.cli.messages import sentence, tr
from folio.options.table import values

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(epilog=examples("folio bench documents/ --provider auto,tesseract"))
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--recipe", default="auto,none", show_default=True, help=f"Some of {', '.join(values('recipe'))}.")
@click.option("--provider", default="tesseract", show_default=True, help=f"Some of {', '.join(values('providers'))}.")
@click.option(
    "--baseline",
    default="bare,textbook",
    show_default=True,
    help="Some of bare, textbook, rapidocr (where FOLIO_RAPIDOCR_PYTHON has it); or none.",
)
@click.option("-O", "--option", "pairs", multiple=True, metavar="NAME=VALUE", help="Any option, for all documents.")
@click.option("--every", type=click.IntRange(1), default=1, help="Only every n-th document of each set.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, help="Documents read at once.")
@click.option("--details", is_flag=True, help="Show every document too.")
@click.option("-o", "--output", type=FILE, help="Write every document's scores there, as JSON lines.")
def bench(
    folder: Path,
    recipe: str,
    provider: str,
    baseline: str,
    pairs: tuple[str, ...],
    every: int,
    jobs: int,
    details: bool,
    output: Path | None,
) -> int:
    """Measure readings of documents whose text is known, against bare Tesseract and the usual script or stock RapidOCR.

    DIR, or folders in it, have an index.jsonl: a JSON object a line with the file, its text, and its lang (eng).
    """
    from folio.bench import readers, run, tables, truth

    everybody = readers.contenders(_list(recipe), _list(provider), _list(baseline), dict(map(pair, pairs)))
    truths = truth.sampled(truth.load(folder), every)
    coming = run.recorded(run.run(truths, everybody, jobs), output)
    on_terminal = sys.stderr.isatty()
    length = len(truths) * len(everybody)
    with (
        click.progressbar(coming, length, tr("Reading"), file=sys.stderr) if on_terminal else nullcontext(coming) as bar
    ):
        rows = list(bar)
    console.out(_spoken(tables.report(rows) + (f"\n\n{tables.details(rows)}" if details else "")))
    return int(any(row.error for row in rows))


def _list(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


def _spoken(report: str) -> str:
    """Return a report in the language of who runs it: its sentences, and the heads of its tables."""
    lines = report.splitlines()
    for index, (line, following) in enumerate(pairwise([*lines, ""])):
        if following.startswith("| ---"):
            lines[index] = "| " + " | ".join(sentence(cell.strip()) for cell in line.strip("|").split("|")) + " |"
        elif not line.startswith(("|", "-")):
            lines[index] = sentence(line)
    return "\n".join(lines)
