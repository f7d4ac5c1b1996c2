"""Whether confidences mean something: of the words a reader says it is that sure of, how many are right."""

from collections import Counter
from collections.abc import Iterable, Sequence

from folio.bench.baselines import ReadWord
from folio.bench.counterparts import by_chance_alone, with_counterpart
from folio.bench.scores import covered_share, units
from folio.bench.truth import Truth
from folio.transform import Box

# Where the bins of confidences begin; the last ends at 1.
EDGES = (0.0, 0.4, 0.6, 0.75, 0.85, 0.9, 0.95, 0.98)
SURE = EDGES.index(0.9)
_MIN_SHARED = 0.3  # of the smaller one's area, for a read word and one of the truth to be the same
_HYPHENS = "-\u00ad\u2010\u00ac"

# Words, right ones, and wrong ones of which the truth has nothing that they can be misread from, for each of EDGES.
type Bins = tuple[tuple[int, int, int], ...]


def count(truth: Truth, words: Iterable[ReadWord]) -> Bins:
    """Count a page's words, in reading order, by their confidence; those without one or letters or digits are left out.

    A word is right if the truth has it there or, where no boxes are known, as often as it was read; a character that
    is a word, beside one of its neighbors too. Both may divide words differently: what is written in one place is
    compared whole. A word divided at the end of a line is one word.
    """
    bins = [[0, 0, 0] for _ in EDGES]
    read = list(words)
    right = _found(read, truth) if truth.words else _in_bag(read, truth)
    for word, is_right, is_known in zip(read, right, with_counterpart(read, right, truth), strict=True):
        if word.confidence is None or not any(part.isalnum() for part in units(word.text, truth.by_character)):
            continue
        index = max(number for number, edge in enumerate(EDGES) if word.confidence >= edge or not number)
        for column, one in enumerate((True, is_right, not is_known)):
            bins[index][column] += one
    return tuple((total, right, unknown) for total, right, unknown in bins)


def _in_bag(read: Sequence[ReadWord], truth: Truth) -> list[bool]:
    """Return which words the truth has, as often as that; parts of a divided one wherever its other part was read."""
    remaining = Counter(units(truth.text, truth.by_character))
    right, by_chance = [False] * len(read), by_chance_alone(read, truth)
    for index, word in enumerate(read):
        parts = Counter(units(word.text, truth.by_character))
        if word.confidence is not None and not by_chance[index] and parts <= remaining:
            remaining -= parts
            right[index] = True
    wrong = [index for index, is_right in enumerate(right) if not is_right and read[index].confidence is not None]
    for first in wrong:
        for second in wrong if read[first].text[-1:] in _HYPHENS else ():
            whole = Counter(units(read[first].text.rstrip(_HYPHENS) + read[second].text, truth.by_character))
            if not right[second] and _are_apart(read[first], read[second]) and whole <= remaining:
                remaining -= whole
                right[first] = right[second] = True
                break
    return right


def _are_apart(one: ReadWord, other: ReadWord) -> bool:
    """Return whether two words do not stand on one line, of a page that lies upright."""
    middle = (one.box[1] + one.box[3]) / 2
    return not other.box[1] <= middle <= other.box[3]


def _found(read: Sequence[ReadWord], truth: Truth) -> list[bool]:
    """Return which words the truth has in the same place."""
    expected = [("".join(units(one.text, truth.by_character)), one.box) for one in truth.words]
    spelled = ["".join(units(one.text, truth.by_character)) for one in read]
    under = [[index for index, (_, box) in enumerate(expected) if _are_same(word.box, box)] for word in read]
    over: dict[int, list[int]] = {}
    for number, indices in enumerate(under):
        for index in indices:
            over.setdefault(index, []).append(number)
    return [
        any(text == expected[index][0] for index in indices)
        # Several words of the truth may be one of the reader's, `(614) 466-` and `5087`; or the other way round.
        or text == "".join(expected[index][0] for index in sorted(indices, key=lambda index: expected[index][1][0]))
        or any(
            expected[index][0] == "".join(spelled[one] for one in sorted(over[index], key=lambda one: read[one].box[0]))
            for index in indices
        )
        for text, indices in zip(spelled, under, strict=True)
    ]


def _are_same(one: Box, other: Box) -> bool:
    return max(covered_share(one, other), covered_share(other, one)) >= _MIN_SHARED


def table(bins: Iterable[tuple[str, Sequence[Bins]]]) -> str:
    """Return for each reader and bin how many words there are and what share of them is right."""
    names, columns = [], []
    for name, parts in bins:
        names.append(name)
        columns.append([[sum(counts) for counts in zip(*one, strict=True)] for one in zip(*parts, strict=True)])
    lines = ["| confidence | " + " | ".join(names) + " |", "| --- " * (len(names) + 1) + "|"]
    ends = (*EDGES[1:], 1.0)
    for index, (start, end) in enumerate(zip(EDGES, ends, strict=True)):
        lines.append(_row(f"{start:g} to {end:g}", (_share(*column[index][:2]) for column in columns)))
    sure = [[sum(counts) for counts in zip(*column[SURE:], strict=True)] for column in columns]
    title = f"{EDGES[SURE]:g} and more"
    lines.append(_row(title, (_share(total, right) for total, right, _ in sure)))
    lines.append(_row(f"{title}, in the truth", (_share(total - unknown, right) for total, right, unknown in sure)))
    return "\n".join(lines)


def _row(title: str, cells: Iterable[str]) -> str:
    return f"| {title} | " + " | ".join(cells) + " |"


def _share(total: int, right: int) -> str:
    return f"{100 * right / total:.1f}% of {total}" if total else "-"
