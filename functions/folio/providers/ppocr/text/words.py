"""Words of a line, with boxes on their ink: the recognizer's steps say roughly where a character is, the ink exactly.

A blank is where the recognizer says so, and where it thinks of one and the ink leaves room, as in narrow tables; where
the language is known, not within its words. In monospaced print an empty cell is one, and narrower room is none.
Chinese characters are words of their own.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct

from folio.models import Line, Word, weighted_mean
from folio.providers.ppocr.language.lexicon import Lexicon
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.confidence import word_confidence
from folio.providers.ppocr.text.crop import Crop
from folio.providers.ppocr.text.dividing import blanks_by_words
from folio.providers.ppocr.text.ink import Ink
from folio.providers.ppocr.text.monospaced import blanks_by_pitch, blanks_of_cells
from folio.providers.ppocr.text.per_mille import with_per_mille
from folio.providers.ppocr.text.zeros import with_letters, with_ruled_zeros, with_zeros
from folio.text.spacing import is_wide, join, with_wide_signs
from folio.transform import Point, Polygon

# A blank that the recognizer did not write: the least of what it gave for one, and of the gap in the ink, in heights of
# the crop and to the line's median gap. Measured on 4,600 blanks of public forms and tables and 590 of drawn rows.
_UNWRITTEN = ((0.2, 0.06, 0.0), (0.02, 0.2, 2.0), (0.0, 0.5, 4.0))
_BLANK_AT_QUOTE = 0.1  # probability of a blank on one side of a quote between letters; such have 0.12 and more
_REACH = 0.9  # of the characters' distance, from the middle of a line's first or last one to its end
_WIDE_HALF = 0.25  # of the distance of two Chinese characters' middles, which is the character's own
_CLINGING_BEFORE, _CLINGING_AFTER = "(-/$#\"'", ").,;:-/%\"'"


class Span(Struct, frozen=True):
    """A word in its crop: characters, its first column of ink and the one after the last."""

    characters: tuple[Character, ...]
    left: float
    right: float

    @property
    def text(self) -> str:
        return "".join(character.text for character in self.characters)


def make_line(
    crop: Crop, characters: Sequence[Character], lexicon: Lexicon | None = None, pitches: Sequence[float] = ()
) -> Line | None:
    """Return the line, in the page's pixels; None if nothing was read.

    `lexicon` has the words of its language, `pitches` are those of its page's monospaced lines.
    """
    characters = with_per_mille(with_ruled_zeros(with_letters(with_zeros(characters))))
    ink = Ink(crop.image, [character.center for character in characters])
    by_pitch = (
        blanks_by_pitch(characters, ink, pitches) if crop.pitch is None else blanks_of_cells(characters, crop.pitch)
    )
    groups = _groups(characters, ink, lexicon, by_pitch)
    if not groups:
        return None
    spans = _spans(groups, ink)
    rows = [ink.rows(span.left, span.right) for span in spans]
    words = with_wide_signs(
        [
            Word(
                span.text,
                round(word_confidence(span.characters, lexicon), 4),
                _polygon(crop, span.left, top, span.right, bottom),
            )
            for span, (top, bottom) in zip(spans, rows, strict=True)
        ]
    )
    tops, bottoms = zip(*rows, strict=True)
    return Line(
        join(words),
        weighted_mean((word.confidence, len(word.text)) for word in words),
        _polygon(crop, spans[0].left, min(tops), spans[-1].right, max(bottoms)),
        words,
    )


def _groups(
    characters: Sequence[Character], ink: Ink, lexicon: Lexicon | None, by_pitch: Mapping[int, bool]
) -> list[list[Character]]:
    """Return the characters of each word."""
    groups: list[list[Character]] = []
    unseen = _unseen_blanks(characters, ink)
    if lexicon:
        unseen = blanks_by_words(characters, unseen, lexicon)
    is_new = True
    for index, character in enumerate(characters):
        if character.text == " ":
            is_new = True
            continue
        before = characters[index - 1].text if index else ""
        if is_new or by_pitch.get(index, index in unseen) or is_wide(character.text) or (before and is_wide(before)):
            groups.append([])
        groups[-1].append(character)
        is_new = False
    return groups


def _unseen_blanks(characters: Sequence[Character], ink: Ink) -> set[int]:
    """Return the indices of letters before which there is a blank that the recognizer did not write."""
    gaps: dict[int, float] = {}
    for index, (before, after) in enumerate(pairwise(characters), 1):
        if " " not in (before.text, after.text) and not is_wide(before.text) and not is_wide(after.text):
            gap = ink.gap(before.center, after.center)
            gaps[index] = gap[1] - gap[0] if gap else 0.0
    usual = median(gaps.values() or [0.0])
    blank = {
        index
        for index, gap in gaps.items()
        if _is_blank(characters[index].blank, gap / ink.height, gap / max(usual, 1.0))
        and not _cling(characters[index - 1].text, characters[index].text)
    }
    return blank - _within_names(characters) | _blanks_at_quotes(characters)


def _within_names(characters: Sequence[Character]) -> set[int]:
    """Return the indices beside an underscore that joins two letters or digits; its own ink lies below the line."""
    return {
        beside
        for index, (before, sign, after) in enumerate(zip(characters, characters[1:], characters[2:], strict=False), 1)
        if sign.text == "_" and before.text.isalnum() and after.text.isalnum()
        for beside in (index, index + 1)
    }


def _blanks_at_quotes(characters: Sequence[Character]) -> set[int]:
    """Return the indices before which there is a blank since a straight quote between two letters opens or closes."""
    beside: set[int] = set()
    for index in range(1, len(characters) - 1):
        before, quote, after = characters[index - 1 : index + 2]
        if quote.text == '"' and before.text.isalpha() and after.text.isalpha():
            likelier = max((index, index + 1), key=lambda at: characters[at].blank)
            beside |= {likelier} if characters[likelier].blank >= _BLANK_AT_QUOTE else set()
    return beside


def _is_blank(probability: float, gap: float, ratio: float) -> bool:
    return any(probability >= least[0] and gap >= least[1] and ratio >= least[2] for least in _UNWRITTEN)


def _cling(before: str, after: str) -> bool:
    return before in _CLINGING_BEFORE or after in _CLINGING_AFTER


def _spans(groups: Sequence[list[Character]], ink: Ink) -> list[Span]:
    """Bound each word by the widest gap between its last character and the next word's first."""
    characters = [character for group in groups for character in group]
    reach = _REACH * _pitch(characters, ink.height)
    cuts = []
    for before, after in pairwise(groups):
        start, end = before[-1].center, after[0].center
        if is_wide(before[-1].text) and is_wide(after[0].text):
            # Within a character there may be more white than between two.
            start, end = start + _WIDE_HALF * (end - start), end - _WIDE_HALF * (end - start)
        cuts.append(ink.cut(start, end, reach / 2) or ((start + end) / 2, (start + end) / 2))
    first, last = (max(reach, _wide_reach(one, characters, ink.height)) for one in (characters[0], characters[-1]))
    lefts = [ink.left_end(characters[0].center, first), *(end for _, end in cuts)]
    rights = [*(start for start, _ in cuts), ink.right_end(characters[-1].center, last)]
    return [
        Span(tuple(group), left, max(right, left + 1)) for group, left, right in zip(groups, lefts, rights, strict=True)
    ]


def _pitch(characters: Sequence[Character], height: int) -> float:
    """Return how far the characters' middles are apart, half the line's height if there is only one."""
    return median([after.center - before.center for before, after in pairwise(characters)] or [height / 2])


def _wide_reach(end: Character, characters: Sequence[Character], height: int) -> float:
    """Return how far from its middle a wide character at a line's end may go: letters beside it are narrower."""
    if not is_wide(end.text):
        return 0.0
    wide = [(before, after) for before, after in pairwise(characters) if is_wide(before.text) and is_wide(after.text)]
    return _REACH * median([after.center - before.center for before, after in wide] or [height / 2])


def _polygon(crop: Crop, left: float, top: float, right: float, bottom: float) -> Polygon:
    """Return a box of the crop in the page's pixels."""
    height, width = crop.image.shape
    (x, y), across, _, down = crop.corners.tolist()
    along = (across[0] - x) / width, (across[1] - y) / width
    below = (down[0] - x) / height, (down[1] - y) / height

    def point(column: float, row: float) -> Point:
        if crop.strip:
            return crop.strip.point(column / width, row / height)
        return (
            round(x + along[0] * column + below[0] * row, 1),
            round(y + along[1] * column + below[1] * row, 1),
        )

    return point(left, top), point(right, top), point(right, bottom), point(left, bottom)
