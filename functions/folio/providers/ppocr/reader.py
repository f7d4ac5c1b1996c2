"""One page image read by PP-OCR: lines found, turned the right way, each recognized, their words boxed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from folio.config.options import AUTO
from folio.documents import pixels
from folio.documents.pixels import Grey
from folio.errors import EngineFailed
from folio.models import PageText
from folio.providers.ppocr.close_up import find_lines
from folio.providers.ppocr.confidence import is_writing
from folio.providers.ppocr.languages import ENGLISH, LATIN_LANGUAGES, allowed_classes
from folio.providers.ppocr.large_print import MAX_LINES, covered_by, find_large, find_small
from folio.providers.ppocr.layout import in_order
from folio.providers.ppocr.networks import Networks, networks
from folio.providers.ppocr.recognition import Character, Crop, Recognition, crop, mean_probability, narrowing
from folio.providers.ppocr.script import LONGEST, SPREAD, find_script, has_doubtful_accent, is_plain
from folio.providers.ppocr.stacked import find_stacks
from folio.providers.ppocr.trials import Trials
from folio.providers.ppocr.words import make_line
from folio.providers.scripts import LATIN

if TYPE_CHECKING:
    from folio.providers.ppocr.recognition import Classes

# Means of the characters' probabilities.
_UPRIGHT_CONFIDENCE = 0.97  # above it a page lies the right way: short words are read upside down with up to 0.95
_DOUBTED_CONFIDENCE = 0.9  # below it a line may lie the other way than its page; measured: 1 to 2% of the lines
_LARGE_CONFIDENCE = 0.9  # of large print, and of small; less is mostly a picture, or several lines taken for one
_MIN_SMALL_CHARACTERS = 4  # letters and digits of a line of small print; patterns in pictures are read as one or two
_MIN_FLIPPED = 0.05  # of a page's doubtful lines that are read the other way; fewer are not looked for any more
_MIN_GAIN = 0.02  # in confidence, for a line or a page to lie the other way
_LATIN_CONFIDENCE = 0.8  # of a line on a page in Latin letters; below it another script is tried
_SAMPLE = 5  # lines, by which it is told how a page lies


def read_page(path: Path, languages: tuple[str, ...]) -> PageText:
    """Return the text of a grey image in its pixels. Raises ToolMissing, EngineFailed, UnreadableScript."""
    image = pixels.read(path)
    if image is None:
        raise EngineFailed("The image of the page is incomplete; the scratch space may be full.")
    loaded = networks()
    reader = _Reader(loaded, allowed_classes(loaded.characters, languages))
    crops = reader.with_large(image, [crop(image, region) for region in find_lines(image, loaded)])
    crops = reader.with_stacks(image, crops) or reader.small(image)
    rotation = reader.rotation(crops)
    script = reader.find_script(crops, rotation) if languages == (AUTO,) else None
    read = (reader.read(one, rotation) for one in crops)
    lines = [line for line in (make_line(one, characters) for one, characters in reader.plain(list(read))) if line]
    text = in_order([line for line in lines if is_writing(line)], rotation)
    return replace(text, script=script)


class _Reader:
    """Recognizes lines, each once and those that lie the wrong way a second time."""

    def __init__(self, networks: Networks, classes: "Classes | None") -> None:
        self._networks = networks
        self._classes = classes
        self._latin: Classes | None = None
        self._narrowing = narrowing()
        self._flipping = Trials(_MIN_FLIPPED)
        self._known: dict[int, list[Character]] = {}

    def rotation(self, crops: Sequence[Crop]) -> Literal[0, 90, 180, 270]:
        """Return by how many degrees the page is turned clockwise, told by the direction of its longest lines."""
        is_sideways = sum(one.length for one in crops if one.is_turned) > sum(
            one.length for one in crops if not one.is_turned
        )
        along = sorted((one for one in crops if one.is_turned == is_sideways), key=lambda one: -one.length)[:_SAMPLE]
        sure = self._mean_confidence(along)
        is_short = is_sideways and all(one.can_be_standing for one in along)
        if sure >= _UPRIGHT_CONFIDENCE and not is_short:
            return 90 if is_sideways else 0
        flipped = self._mean_confidence([one.flipped() for one in along])
        if is_short and self._mean_confidence([one.standing() for one in along]) > max(sure, flipped) - _MIN_GAIN:
            return 0
        if flipped > sure + _MIN_GAIN:
            return 270 if is_sideways else 180
        return 90 if is_sideways else 0

    def find_script(self, crops: Sequence[Crop], rotation: int) -> str:
        """Return the script of the page; lines of one in Latin letters are read as such from now on.

        Raises UnreadableScript.
        """
        along = [one for one in crops if one.is_turned == (rotation in (90, 270))]
        longest = sorted(along, key=lambda one: -one.length)[:LONGEST]
        spread = along[:: max(1, len(along) // SPREAD)]
        chosen = {id(one): one for one in (*longest, *spread)}.values()
        sample = [self.read(one, rotation) for one in chosen]
        script = find_script(sample)
        if script == LATIN:
            self._latin = allowed_classes(self._networks.characters, LATIN_LANGUAGES)
        return script

    def read(self, line: Crop, rotation: int) -> tuple[Crop, list[Character]]:
        """Return the line the right way and its characters.

        A line across the page's direction may lie either way; one along it, if it is not clear as the others lie.
        """
        is_along = line.is_turned == (rotation in (90, 270))
        if is_along and rotation >= 180:
            line = line.flipped()
        characters = self._recognized(line)
        sure = mean_probability(characters)
        if is_along:
            if sure >= _DOUBTED_CONFIDENCE or not self._flipping.pay():
                return line, characters
            other, read = self._surest([line.flipped()])
            is_better = self._flipping.count(gained=mean_probability(read) > sure + _MIN_GAIN)
            return (other, read) if is_better else (line, characters)
        if sure >= _UPRIGHT_CONFIDENCE:
            return line, characters
        other, read = self._surest([line.flipped(), *([line.standing()] if line.can_be_standing else [])])
        return (other, read) if mean_probability(read) > sure + _MIN_GAIN else (line, characters)

    def _surest(self, lines: Sequence[Crop]) -> tuple[Crop, list[Character]]:
        return max(
            ((line, self._recognized(line)) for line in lines), key=lambda candidate: mean_probability(candidate[1])
        )

    def with_large(self, image: Grey, crops: list[Crop]) -> list[Crop]:
        """Return the lines of a page with those of large print instead of the pieces that were found of them."""
        if len(crops) > MAX_LINES:
            return crops
        for corners in find_large(image, self._networks):
            large = crop(image, corners)
            if max(mean_probability(self._recognized(one)) for one in (large, large.flipped())) < _LARGE_CONFIDENCE:
                continue
            covered = covered_by(corners, [one.corners for one in crops])
            crops = [large, *(one for one, is_piece in zip(crops, covered, strict=True) if not is_piece)]
        return crops

    def with_stacks(self, image: Grey, crops: list[Crop]) -> list[Crop]:
        """Return the lines with those that run downwards instead of their characters, where these are clear so."""
        alone: set[int] = set()
        joined: list[Crop] = []
        for indices, corners in find_stacks([one.corners for one in crops]):
            stack, parts = crop(image, corners), [crops[index] for index in indices]
            characters = max((self._recognized(one) for one in (stack, stack.flipped())), key=mean_probability)
            text, apart = _printed(characters), [_printed(self._recognized(part)) for part in parts]
            # Characters that lie on their left side are read alone too; their line runs upwards.
            is_same = text == "".join(reversed(apart)) != "".join(apart)
            least = 0.0 if is_same else self._mean_confidence(parts) + _MIN_GAIN
            if len(text) >= len(parts) and mean_probability(characters) > max(_LARGE_CONFIDENCE, least):
                joined.append(stack)
                alone.update(indices)
        return [*(one for index, one in enumerate(crops) if index not in alone), *joined]

    def plain(self, read: list[tuple[Crop, list[Character]]]) -> list[tuple[Crop, list[Character]]]:
        """Return what was read of a page; doubtful accents are none if it is in a language without them."""
        if self._latin is None or not is_plain(read):
            return read
        classes = allowed_classes(self._networks.characters, ENGLISH)
        return [
            (line, Recognition(line, self._networks, self._narrowing).characters(classes))
            if has_doubtful_accent(characters)
            else (line, characters)
            for line, characters in read
        ]

    def small(self, image: Grey) -> list[Crop]:
        """Return lines that are too small to be seen on the reduced page."""
        crops = [crop(image, corners) for corners in find_small(image)]
        return [one for one in crops if _is_text(self._recognized(one))]

    def _mean_confidence(self, lines: Sequence[Crop]) -> float:
        return _mean([mean_probability(self._recognized(one)) for one in lines])

    def _recognized(self, line: Crop) -> list[Character]:
        key = hash(line.corners.tobytes())
        if key not in self._known:
            self._known[key] = self._recognized_anew(line)
        return self._known[key]

    def _recognized_anew(self, line: Crop) -> list[Character]:
        """Return a line's characters; on a page of Latin letters others only where these are no good reading of it."""
        recognition = Recognition(line, self._networks, self._narrowing)
        if self._latin is None:
            return recognition.characters(self._classes)
        latin = recognition.characters(self._latin)
        if (sure := mean_probability(latin)) >= _LATIN_CONFIDENCE:
            return latin
        other = recognition.characters(self._classes)
        return other if mean_probability(other) > sure + _MIN_GAIN else latin


def _printed(characters: Sequence[Character]) -> str:
    return "".join(character.text for character in characters if not character.text.isspace())


def _is_text(characters: Sequence[Character]) -> bool:
    """Return whether it is more than a pattern in a picture, where no other line is."""
    alphanumeric = sum(character.text.isalnum() for character in characters)
    return alphanumeric >= _MIN_SMALL_CHARACTERS and mean_probability(characters) >= _LARGE_CONFIDENCE


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
