"""Whether confidences mean something: of the words a reader says it is that sure of, how many are right."""

from collections import Counter
from collections.abc import Iterable, Sequence

from folio.bench.baselines import ReadWord
from folio.bench.scores import covered_share, units
from folio.bench.truth import Truth

# Where the bins of confidences begin; the last ends at 1.
EDGES = (0.0, 0.4, 0.6, 0.75, 0.85, 0.9, 0.95, 0.98)
SURE = EDGES.index(0.9)
_MIN_COVERED_SHARE = 0.3  # of a truth word's area by a read word, for it to be the same

type Bins = tuple[tuple[int, int], ...]  # words and right ones, for each of EDGES


def count(truth: Truth, words: Iterable[ReadWord]) -> Bins:
    """Count a page's words by their confidence; those without one and those without letters and digits are left out.

    A word is right if the truth has it there or, where no boxes are known, as often as it was read.
    """
    totals, right = [0] * len(EDGES), [0] * len(EDGES)
    remaining = Counter(units(truth.text, truth.by_character))
    for word in words:
        parts = units(word.text, truth.by_character)
        if word.confidence is None or not any(part.isalnum() for part in parts):
            continue
        index = max(number for number, edge in enumerate(EDGES) if word.confidence >= edge or not number)
        totals[index] += 1
        needed = Counter(parts)
        if truth.words:
            right[index] += _is_there(word, truth)
        elif needed <= remaining:
            remaining -= needed
            right[index] += 1
    return tuple(zip(totals, right, strict=True))


def _is_there(word: ReadWord, truth: Truth) -> bool:
    text = "".join(units(word.text, truth.by_character))
    under = [one for one in truth.words if covered_share(one.box, word.box) >= _MIN_COVERED_SHARE]
    # Several words of the truth may be one of the reader's: `(614) 466-` and `5087`.
    under.sort(key=lambda one: one.box[0])
    return text in ("".join(units(one.text, truth.by_character)) for one in under) or text == "".join(
        part for one in under for part in units(one.text, truth.by_character)
    )


def table(bins: Iterable[tuple[str, Sequence[Bins]]]) -> str:
    """Return for each reader and bin how many words there are and what share of them is right."""
    names, columns = [], []
    for name, parts in bins:
        names.append(name)
        columns.append(
            [(sum(total for total, _ in one), sum(right for _, right in one)) for one in zip(*parts, strict=True)]
        )
    lines = ["| confidence | " + " | ".join(names) + " |", "| --- " * (len(names) + 1) + "|"]
    ends = (*EDGES[1:], 1.0)
    for index, (start, end) in enumerate(zip(EDGES, ends, strict=True)):
        cells = [_share(*column[index]) for column in columns]
        lines.append(f"| {start:g} to {end:g} | " + " | ".join(cells) + " |")
    sure = [_share(*map(sum, zip(*column[SURE:], strict=True))) for column in columns]
    lines.append(f"| {EDGES[SURE]:g} and more | " + " | ".join(sure) + " |")
    return "\n".join(lines)


def _share(total: int, right: int) -> str:
    return f"{100 * right / total:.1f}% of {total}" if total else "-"
