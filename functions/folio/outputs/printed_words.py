"""Which words of a page a text stands for, of those that an output has written already: cells, labels and values."""

from collections.abc import Sequence

from folio.models import Word
from folio.transform import Polygon, bounds

_MAX_LABEL_WORDS = 40  # of a form's question

type Printed = tuple[Word, str]  # a word of the page and its identity in the output


def inside(words: Sequence[Printed], polygon: Polygon) -> list[Printed]:
    """Return the words whose middle lies in the bounds of a polygon."""
    left, top, right, bottom = bounds(polygon)
    middles = [(sum(x for x, _ in word.polygon) / 4, sum(y for _, y in word.polygon) / 4) for word, _ in words]
    return [pair for pair, (x, y) in zip(words, middles, strict=True) if left <= x <= right and top <= y <= bottom]


def label(text: str, words: Sequence[Printed], value: Polygon) -> list[Printed]:
    """Return the page's words that are a label, nearest to its value; none if the page does not have it."""
    plain = "".join(text.split())
    left, top, right, bottom = bounds(value)
    best: list[Printed] = []
    nearest = float("inf")
    for start in range(len(words)):
        run = _run(plain, words[start : start + _MAX_LABEL_WORDS])
        if run:
            x0, y0, x1, y1 = bounds(*(word.polygon for word, _ in run))
            away = max(x0 - right, left - x1, 0.0) + max(y0 - bottom, top - y1, 0.0)
            best, nearest = (run, away) if away < nearest else (best, nearest)
    return best


def spelling(text: str, words: Sequence[Printed]) -> list[str]:
    """Return the identities of words in the order in which they spell a text; none if they do not.

    First in the page's order, then the longest first: `a space` must not be taken for `as` and a rest.
    """
    rest = "".join(text.split())
    return _spelled(rest, list(words)) or _spelled(rest, sorted(words, key=lambda pair: -len(pair[0].text)))


def _spelled(rest: str, unused: list[Printed]) -> list[str]:
    """Return the identities of the words that spell a text, taking the first that fits each time."""
    order: list[str] = []
    while rest:
        match = next((pair for pair in unused if rest.startswith(pair[0].text)), None)
        length = len(match[0].text) if match else 0
        if match is None:  # a word divided at a line's end is whole in the text
            match = next((pair for pair in unused if rest.startswith(_undivided(pair[0].text))), None)
            length = len(_undivided(match[0].text)) if match else 0
        if match is None or not length:
            return []
        unused.remove(match)
        order.append(match[1])
        rest = rest[length:]
    return order


def _run(rest: str, words: Sequence[Printed]) -> list[Printed]:
    """Return the first words that spell a text; a colon at its end is none of it."""
    run: list[Printed] = []
    for word in words:
        spelled = word[0].text
        run.append(word)
        if rest == spelled or rest == spelled.rstrip(":："):
            return run
        if not spelled or not rest.startswith(spelled):
            return []
        rest = rest[len(spelled) :]
    return []


def _undivided(text: str) -> str:
    return text[:-1] if text.endswith(("-", "\u00ad", "\u2010")) and len(text) > 1 else text
