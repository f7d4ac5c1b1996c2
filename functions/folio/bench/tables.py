"""The rows of a run as Markdown: means by set, what the default recipe gains and loses, and every document."""

from collections.abc import Iterable, Sequence
from statistics import fmean

from folio.bench import reliability
from folio.bench.baselines import BARE, BASELINES
from folio.bench.readers import TESSERACT
from folio.bench.run import Row

ALL = "all"
DEFAULT, PLAIN = "auto", "none"
# Acceptance of the default recipe: what is badly read has to gain, what is well read must not lose.
LOW, HIGH = 0.90, 0.97
_MAX_RECALL_GAP = 0.005  # a recipe within this of the best is as good
type Key = tuple[str, str]  # of a document: its set and its name

_MAX_LOSS = 0.01  # of recall or F1, below Tesseract, on one document

_WIDTHS = "| --- " * 2 + "| ---: " * 9 + "|"


def by_set(rows: Sequence[Row]) -> str:
    """Return means over the documents of each set and of all; CPU time as a ratio to bare Tesseract's too."""
    titles = "documents", "recall", "precision", "summed", "CER", "WER", "boxes", "CPU s", "of bare"
    lines = [_line("set", "reader", *titles), _WIDTHS]
    sets = list(dict.fromkeys(row.set for row in rows))
    for name in [*sets, *([ALL] if len(sets) > 1 else [])]:
        ours = [row for row in rows if name in (row.set, ALL)]
        bare = sum(row.cpu for row in ours if row.reader == BARE)
        lines += [
            _mean_row(name, reader, [row for row in ours if row.reader == reader], bare) for reader in _readers(ours)
        ]
    return "\n".join(lines)


def _mean_row(name: str, reader: str, rows: Sequence[Row], bare: float) -> str:
    recall, precision, *others = (
        _percent(_mean(column)) for column in zip(*(_rates(row) for row in rows), strict=True)
    )
    shared, expected, read = map(sum, zip(*(row.counts for row in rows), strict=True))
    summed = f"{_percent(shared / expected)} / {_percent(shared / read)}" if expected and read else "-"
    cpu = sum(row.cpu for row in rows)
    ratio = f"{cpu / bare:.2f}" if bare else "-"
    return _line(name, reader, len(rows), recall, precision, summed, *others, f"{cpu / len(rows):.2f}", ratio)


def _rates(row: Row) -> tuple[float | None, ...]:
    return row.recall, row.precision, row.cer, row.wer, row.boxes


def gains(rows: Sequence[Row]) -> str:
    """Compare each recipe with `none`, separately for what bare Tesseract reads badly and what it reads well.

    Without a run of `none` or of bare Tesseract the other of the two stands in for it.
    """
    readers = _readers(rows)
    chosen = next((name for name in (BARE, PLAIN) if name in readers), None)
    against = next((name for name in (PLAIN, BARE) if name in readers), None)
    if chosen is None or against is None:
        return ""
    judge, before = _by_document(rows, chosen), _by_document(rows, against)
    low = [key for key, row in judge.items() if row.recall < LOW]
    high = [key for key, row in judge.items() if row.recall > HIGH]
    lines = [
        f"Recall in points against `{against}`, by how `{chosen}` reads a document; time against `{against}` on all:",
        "",
        f"| reader | below {LOW:.0%} | mean gain | above {HIGH:.0%} | mean gain | worst | CPU | wall |",
        "| --- " + "| ---: " * 7 + "|",
    ]
    for reader in (name for name in readers if name not in (*BASELINES, against)):
        after = _by_document(rows, reader)
        points = {key: 100 * (row.recall - before[key].recall) for key, row in after.items()}
        worst = min(high, key=points.__getitem__, default=None)
        named = f"{points[worst]:+.1f} ({'/'.join(worst)})" if worst else "-"
        numbers = len(low), _points(points, low), len(high), _points(points, high), named
        lines.append(_line(reader, *numbers, *_times(after.values(), before.values())))
    return "\n".join(lines)


def _times(after: Iterable[Row], before: Iterable[Row]) -> tuple[str, str]:
    """Return ratios of CPU and wall seconds."""
    one, other = ([sum(row.cpu for row in rows), sum(row.wall for row in rows)] for rows in map(list, (after, before)))
    cpu, wall = (f"{mine / theirs:.2f}" if theirs else "-" for mine, theirs in zip(one, other, strict=True))
    return cpu, wall


def better_elsewhere(rows: Sequence[Row]) -> list[str]:
    """Return the sets on which another recipe reads more than `auto`, by more than half a point."""
    better = []
    for name in dict.fromkeys(row.set for row in rows):
        means = {
            reader: fmean(row.recall for row in rows if row.set == name and row.reader == reader)
            for reader in _readers(rows)
            if reader not in BASELINES
        }
        if DEFAULT not in means:
            continue
        best = max(means, key=means.__getitem__)
        if means[best] - means[DEFAULT] > _MAX_RECALL_GAP:
            better.append(f"{name}: `{best}` {means[best]:.1%}, `{DEFAULT}` {means[DEFAULT]:.1%}")
    return better


def losses(rows: Sequence[Row]) -> list[str]:
    """Return the documents of which `auto` reads less than `tesseract`, by more than a point of recall or of F1."""
    ours, theirs = (_by_document(rows, reader) for reader in (DEFAULT, TESSERACT))
    lost = []
    for key, other in theirs.items():
        if (row := ours.get(key)) is None:
            continue
        recall, f1 = row.recall - other.recall, _f1(row) - _f1(other)
        if min(recall, f1) < -_MAX_LOSS:
            lost.append(f"{'/'.join(key)}: recall {100 * recall:+.1f}, F1 {100 * f1:+.1f}")
    return lost


def _f1(row: Row) -> float:
    both = row.recall + row.precision
    return 2 * row.recall * row.precision / both if both else 0.0


def confidences(rows: Sequence[Row]) -> str:
    """Return the reliability of each reader that tells confidences."""
    bins = [
        (name, [row.reliability for row in rows if row.reader == name and row.reliability]) for name in _readers(rows)
    ]
    measured = [(name, parts) for name, parts in bins if any(total for part in parts for total, *_ in part)]
    if not measured:
        return ""
    return f"Of the words with a confidence in that range, how many are right:\n\n{reliability.table(measured)}"


def failures(rows: Iterable[Row]) -> list[str]:
    return [f"{row.set}/{row.id}, {row.reader}: {row.error}" for row in rows if row.error]


def details(rows: Iterable[Row]) -> str:
    """Return a row for every document with every reader."""
    lines = ["| set | document | reader | recall | precision | CER | WER | boxes | CPU s | wall s |"]
    lines.append("| --- " * 3 + "| ---: " * 7 + "|")
    for row in rows:
        rates = map(_percent, _rates(row))
        lines.append(_line(row.set, row.id, row.reader, *rates, f"{row.cpu:.2f}", f"{row.wall:.2f}"))
    return "\n".join(lines)


def report(rows: Sequence[Row]) -> str:
    """Return all tables of a run except its details."""
    parts = [by_set(rows), confidences(rows), gains(rows)]
    for title, lines in (
        (f"Where another reader reads more than `{DEFAULT}`:", better_elsewhere(rows)),
        (f"Where `{DEFAULT}` is more than a point below `{TESSERACT}`:", losses(rows)),
        ("Not read, and counted as recall 0 where there is no text:", failures(rows)),
    ):
        if lines:
            parts.append("\n".join([title, "", *(f"- {line}" for line in lines)]))
    return "\n\n".join(part for part in parts if part)


def _readers(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(row.reader for row in rows))


def _by_document(rows: Iterable[Row], reader: str) -> dict[Key, Row]:
    return {(row.set, row.id): row for row in rows if row.reader == reader}


def _mean(rates: Iterable[float | None]) -> float | None:
    known = [rate for rate in rates if rate is not None]
    return fmean(known) if known else None


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{100 * rate:.1f}"


def _points(points: dict[Key, float], keys: Sequence[Key]) -> str:
    return f"{fmean(points[key] for key in keys):+.1f}" if keys else "-"


def _line(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"
