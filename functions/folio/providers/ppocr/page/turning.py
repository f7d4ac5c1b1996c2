"""Which way a page lies, and each of its lines: as the page, across it, or unclear, either way."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from folio.providers.ppocr.onnx.characters import Character, filled, mean, mean_probability, printed
from folio.providers.ppocr.text.crop import Crop
from folio.providers.ppocr.text.trials import Trials

type Read = tuple[Crop, list[Character]]
type Recognize = Callable[[Crop], list[Character]]

# Means of the characters' probabilities.
_UPRIGHT_CONFIDENCE = 0.97  # above it a line lies the right way: short words are read upside down with up to 0.95
MIN_GAIN = 0.02  # for a line or a page to lie the other way
_SAMPLE, _UNCLEAR_SAMPLE = 5, 20  # of the longest lines, by which it is told how a page lies; where these are unclear
_DOUBTED_CONFIDENCE = 0.9  # below it a line may lie the other way than its page; measured: 1 to 2% of the lines
_CLEAR_CONFIDENCE = 0.8  # of a line that tells how others lie
_WORD_CONFIDENCE, _UNCLEAR_CONFIDENCE = 0.9, 0.6  # of a short word that lies otherwise than its page, each way
_MIN_FILLED = 0.9  # of what a line's characters fill; the other way Chinese ones are read as a few letters, and surer
_MIN_FLIPPED = 0.05  # of a page's doubtful lines that are read the other way; fewer are not looked for any more
# Characters of a line that tells how it lies: H30 is read DDH upside down, and 6 a surer 9. How many such lines tell
# how shorter ones lie.
_MIN_TELLING, _MIN_LINES = 5, 3
_MIN_WORD = 3  # characters


class Turning:
    """Turns the lines of one page. `recognize` reads a line, `attempt` what may be none or lie otherwise."""

    def __init__(self, recognize: Recognize, attempt: Recognize) -> None:
        self._recognize = recognize
        self._attempt = attempt
        self._ways = {is_along: _Ways() for is_along in (True, False)}

    def rotation(self, crops: Sequence[Crop]) -> Literal[0, 90, 180, 270]:
        """Return by how many degrees the page is turned clockwise, told by the direction of its longest lines."""
        is_sideways = sum(one.length for one in crops if one.is_turned) > sum(
            one.length for one in crops if not one.is_turned
        )
        every = sorted((one for one in crops if one.is_turned == is_sideways), key=lambda one: -one.length)
        along = every[:_SAMPLE]
        is_short = is_sideways and all(one.can_be_standing for one in along)
        if not is_short and self._are_over(along):
            return 270 if is_sideways else 180
        sure = mean([self._confidence(one) for one in along])
        if sure >= _UPRIGHT_CONFIDENCE and not is_short:
            return 90 if is_sideways else 0
        flipped = mean([self._confidence_if(one.flipped()) for one in along])
        if max(sure, flipped) < _CLEAR_CONFIDENCE:  # blurred lines read as little either way: shorter ones may be clear
            along = every[:_UNCLEAR_SAMPLE]
            sure = mean([self._confidence(one) for one in along])
            flipped = mean([self._confidence_if(one.flipped()) for one in along])
        if is_short and mean([self._confidence_if(one.standing()) for one in along]) > max(sure, flipped) - MIN_GAIN:
            return 0
        if flipped > sure + MIN_GAIN:
            return 270 if is_sideways else 180
        return 90 if is_sideways else 0

    def _are_over(self, along: Sequence[Crop]) -> bool:
        """Return whether lines are clear upside down, and the first one is not: no text takes longest to be read."""
        if not along or self._confidence(along[0]) >= _DOUBTED_CONFIDENCE:
            return False
        return all(self._confidence_if(one.flipped()) >= _UPRIGHT_CONFIDENCE for one in along)

    def _confidence(self, line: Crop) -> float:
        return mean_probability(self._recognize(line))

    def _confidence_if(self, line: Crop) -> float:
        return mean_probability(self._attempt(line))

    def read(self, line: Crop, rotation: int) -> Read:
        """Return the line the right way and its characters.

        A line across the page's direction may lie either way; one along it, if it is not clear as the others lie. Where
        the first of either kind all lie one way, the others do.
        """
        is_along = line.is_turned == (rotation in (90, 270))
        line = as_the_page(line, rotation)
        characters = self._recognize(line)
        sure = mean_probability(characters)
        if not is_along and line.can_be_standing and sure < _UPRIGHT_CONFIDENCE:
            standing = self._attempt(line.standing())
            if mean_probability(standing) > max(sure, self._confidence_if(line.flipped())) + MIN_GAIN:
                return line.standing(), standing
        if not is_along and line.can_be_lying and (lying := self._lying(line, rotation, characters)):
            return lying
        ways = self._ways[is_along]
        if sure >= (_DOUBTED_CONFIDENCE if is_along else _UPRIGHT_CONFIDENCE) or not ways.trials.pay():
            ways.count(characters, is_flipped=False)
            return line, characters
        over = line.flipped()
        read = self._attempt(over)
        is_surer = mean_probability(read) > sure + MIN_GAIN and filled(read) >= _MIN_FILLED * filled(characters)
        ways.count(read if is_surer else characters, is_flipped=is_surer)
        if not ways.trials.count(gained=is_surer):
            return line, characters
        if len(printed(read)) < _MIN_TELLING and not (_is_clear_word(read) and sure < _UNCLEAR_CONFIDENCE):
            ways.short.add(over.key)
        return over, read

    def _lying(self, line: Crop, rotation: int, read: Sequence[Character]) -> Read | None:
        """Return a short line as a sideways page's text runs, if it is surer so: its shape does not tell.

        Of two characters above each other one may be read alone, and be surer than both of them are beside each other.
        """
        lying = line.lying().flipped() if rotation >= 180 else line.lying()
        characters = self._attempt(lying)
        sure = mean_probability(characters)
        is_fuller = len(printed(characters)) > len(printed(read)) and sure >= _UPRIGHT_CONFIDENCE
        return (lying, characters) if is_fuller or sure > mean_probability(read) + MIN_GAIN else None

    def settled(self, read: Iterable[Read]) -> list[Read]:
        """Return all lines of the page; short ones that were turned over lie as the long ones beside them do."""
        over = set().union(*(ways.short for ways in self._ways.values() if ways.are_upright))
        return [
            (back := line.flipped(), self._recognize(back)) if line.key in over else (line, characters)
            for line, characters in read
        ]


def as_the_page(line: Crop, rotation: int) -> Crop:
    """Return a line as its page lies: upside down if it runs along the text of one that does."""
    is_along = line.is_turned == (rotation in (90, 270))
    return line.flipped() if is_along and rotation >= 180 else line


class _Ways:
    """How the lines lie that run along a page's text, or those that run across it."""

    def __init__(self) -> None:
        self.trials = Trials(_MIN_FLIPPED)
        self.short: set[int] = set()  # keys of those that were turned over and do not tell how they lie
        self._lines = {False: 0, True: 0}

    @property
    def are_upright(self) -> bool:
        """Whether lines that tell it lie one way, and none the other."""
        return self._lines[False] >= _MIN_LINES and not self._lines[True]

    def count(self, characters: Sequence[Character], *, is_flipped: bool) -> None:
        if len(printed(characters)) >= _MIN_TELLING and mean_probability(characters) >= _CLEAR_CONFIDENCE:
            self._lines[is_flipped] += 1


def _is_clear_word(characters: Sequence[Character]) -> bool:
    return len(printed(characters)) >= _MIN_WORD and mean_probability(characters) >= _WORD_CONFIDENCE
