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
from folio.providers.ppocr.characters import Character, mean_probability
from folio.providers.ppocr.close_up import find_lines
from folio.providers.ppocr.confidence import is_writing
from folio.providers.ppocr.languages import ENGLISH, JAPANESE_LANGUAGES, LATIN_LANGUAGES, allowed_classes
from folio.providers.ppocr.large_print import MAX_LINES, covered_by, find_large, find_small
from folio.providers.ppocr.layout import in_order
from folio.providers.ppocr.lexicon import Lexicon, find_language, lexicon
from folio.providers.ppocr.networks import Networks, networks
from folio.providers.ppocr.recognition import Crop, Recognition, crop
from folio.providers.ppocr.repeated import clear_pairs, decided, has_doubtful
from folio.providers.ppocr.script import (
    LONGEST,
    SPREAD,
    find_script,
    has_doubtful_accent,
    is_japanese_alone,
    is_pattern,
    is_plain,
)
from folio.providers.ppocr.shortcuts import shortcuts
from folio.providers.ppocr.silent import has_silent_writing
from folio.providers.ppocr.spelling import clear_words, doubtful_words, has_doubt, respelled
from folio.providers.ppocr.stacked import find_stacks
from folio.providers.ppocr.trials import Trials
from folio.providers.ppocr.words import make_line
from folio.providers.scripts import JAPANESE, LATIN
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    from folio.providers.ppocr.characters import Classes

# Means of the characters' probabilities.
_UPRIGHT_CONFIDENCE = 0.97  # above it a page lies the right way: short words are read upside down with up to 0.95
_DOUBTED_CONFIDENCE = 0.9  # below it a line may lie the other way than its page; measured: 1 to 2% of the lines
_LARGE_CONFIDENCE = 0.9  # of large print, and of small; less is mostly a picture, or several lines taken for one
_MIN_SMALL_CHARACTERS = 4  # letters and digits of a line of small print; patterns in pictures are read as one or two
_MIN_FILLED = 0.9  # of what a line's characters fill; the other way Chinese ones are read as a few letters, and surer
_MIN_FLIPPED = 0.05  # of a page's doubtful lines that are read the other way; fewer are not looked for any more
_MIN_GAIN = 0.02  # in confidence, for a line or a page to lie the other way
_SCRIPT_CONFIDENCE = 0.8  # of a line in the page's script; below it another is tried, which is to be as sure
_SAMPLE = 5  # lines, by which it is told how a page lies


def read_page(path: Path, languages: tuple[str, ...]) -> PageText:
    """Return the text of a grey image in its pixels. Raises ToolMissing, EngineFailed, UnreadableScript."""
    image = pixels.read(path)
    if image is None:
        raise EngineFailed("The image of the page is incomplete; the scratch space may be full.")
    loaded = networks()
    reader = _Reader(loaded, allowed_classes(loaded.characters, languages), is_script_known=languages != (AUTO,))
    crops = reader.with_large(image, [crop(image, region) for region in find_lines(image, loaded)])
    crops = reader.with_stacks(image, crops) or reader.small(image)
    rotation = reader.rotation(crops)
    script = reader.find_script(crops, rotation) if languages == (AUTO,) else None
    read = (reader.read(one, rotation) for one in crops)
    plain = reader.repeated(reader.plain(list(read)))
    words = reader.lexicon(plain, languages)
    every = words and words.with_words(clear_words(characters for _, characters in plain))
    spelled = reader.spelled(plain, every) if every else plain
    lines = [line for line in (make_line(one, characters, words) for one, characters in spelled) if line]
    text = in_order([line for line in lines if is_writing(line)], rotation, every)
    return replace(text, script=script, is_whole=not (script and has_silent_writing(plain)))


class _Reader:
    """Recognizes lines, each once and those that lie the wrong way a second time."""

    def __init__(self, networks: Networks, classes: "Classes | None", *, is_script_known: bool) -> None:
        self._networks = networks
        self._classes = classes
        self._is_script_known = is_script_known
        self._usual: Classes | None = None
        self._is_latin = False
        self._shortcuts = shortcuts(networks)
        self._flipping = {is_along: Trials(_MIN_FLIPPED) for is_along in (True, False)}
        self._seen: dict[int, Recognition] = {}
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
        """Return the script of the page; lines of one in Latin letters or Japanese are read as such from now on.

        Raises UnreadableScript.
        """
        along = [one for one in crops if one.is_turned == (rotation in (90, 270))]
        longest = sorted(along, key=lambda one: -one.length)[:LONGEST]
        spread = along[:: max(1, len(along) // SPREAD)]
        chosen = {id(one): one for one in (*longest, *spread)}.values()
        sample = [self.read(one, rotation) for one in chosen]
        script = find_script(sample)
        self._is_script_known = True
        self._known = {key: read for key, read in self._known.items() if self._seen[key].is_final}
        self._is_latin = script == LATIN
        if self._is_latin:
            self._usual = allowed_classes(self._networks.characters, LATIN_LANGUAGES)
            self._known = {key: read for key, read in self._known.items() if not any(is_wide(one.text) for one in read)}
        elif script == JAPANESE and is_japanese_alone(sample):
            self._usual = allowed_classes(self._networks.characters, JAPANESE_LANGUAGES)
            self._known.clear()
        return script

    def read(self, line: Crop, rotation: int) -> tuple[Crop, list[Character]]:
        """Return the line the right way and its characters.

        A line across the page's direction may lie either way; one along it, if it is not clear as the others lie. Where
        the first of either kind all lie one way, the others do.
        """
        is_along = line.is_turned == (rotation in (90, 270))
        if is_along and rotation >= 180:
            line = line.flipped()
        characters = self._recognized(line)
        sure = mean_probability(characters)
        if not is_along and line.can_be_standing and sure < _UPRIGHT_CONFIDENCE:
            standing = self._recognized(line.standing())
            if mean_probability(standing) > max(sure, mean_probability(self._recognized(line.flipped()))) + _MIN_GAIN:
                return line.standing(), standing
        if not is_along and line.can_be_lying and (lying := self._lying(line, rotation, sure)):
            return lying
        trials = self._flipping[is_along]
        if sure >= (_DOUBTED_CONFIDENCE if is_along else _UPRIGHT_CONFIDENCE) or not trials.pay():
            return line, characters
        read = self._recognized(line.flipped())
        is_surer = mean_probability(read) > sure + _MIN_GAIN and _filled(read) >= _MIN_FILLED * _filled(characters)
        return (line.flipped(), read) if trials.count(gained=is_surer) else (line, characters)

    def _lying(self, line: Crop, rotation: int, sure: float) -> tuple[Crop, list[Character]] | None:
        """Return a short line as a sideways page's text runs, if it is surer so: its shape does not tell."""
        lying = line.lying().flipped() if rotation >= 180 else line.lying()
        characters = self._recognized(lying)
        return (lying, characters) if mean_probability(characters) > sure + _MIN_GAIN else None

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
            apart = [_printed(self._recognized(part)) for part in parts]
            least = self._mean_confidence(parts) + _MIN_GAIN
            if least >= 1 and max(map(len, apart)) > 1:
                continue  # the cells of a table's column
            characters = max((self._recognized(one) for one in (stack, stack.flipped())), key=mean_probability)
            text = _printed(characters)
            # Characters that lie on their left side are read alone too; their line runs upwards.
            is_same = text == "".join(reversed(apart)) != "".join(apart)
            is_surer = mean_probability(characters) > max(_LARGE_CONFIDENCE, 0.0 if is_same else least)
            if len(text) >= len(parts) and is_surer:
                joined.append(stack)
                alone.update(indices)
        return [*(one for index, one in enumerate(crops) if index not in alone), *joined]

    def plain(self, read: list[tuple[Crop, list[Character]]]) -> list[tuple[Crop, list[Character]]]:
        """Return what was read of a page; doubtful accents are none if it is in a language without them."""
        if not self._is_latin or not is_plain(read):
            return read
        classes = allowed_classes(self._networks.characters, ENGLISH)
        return [
            (line, self._recognition(line).characters(classes))
            if has_doubtful_accent(characters)
            else (line, characters)
            for line, characters in read
        ]

    def repeated(self, read: list[tuple[Crop, list[Character]]]) -> list[tuple[Crop, list[Character]]]:
        """Return what was read of a page; doubtful wide characters are decided by what stands elsewhere on it."""
        if not (pairs := clear_pairs(characters for _, characters in read)):
            return read
        classes = self._narrow_classes

        def repeated(line: Crop, characters: list[Character]) -> list[Character]:
            if not has_doubtful(characters):
                return characters
            recognition = self._recognition(line)
            likely = decided(characters, lambda left, right: recognition.answer(left, right, classes), pairs)
            recognition.drop()
            return likely

        return [(line, repeated(line, characters)) for line, characters in read]

    def lexicon(self, read: Sequence[tuple[Crop, list[Character]]], languages: tuple[str, ...]) -> Lexicon | None:
        """Return the words of a page's language; None if it is not told, or has no list."""
        if self._narrow_classes is None:
            return None
        among = LATIN_LANGUAGES if languages == (AUTO,) else languages
        texts = ("".join(one.text for one in characters) for _, characters in read)
        language = find_language((word for text in texts for word in text.split()), among)
        return lexicon(language) if language else None

    @property
    def _narrow_classes(self) -> "Classes | None":
        """The classes of the page's script or languages, None if all."""
        return self._classes if self._usual is None else self._usual

    def spelled(self, read: list[tuple[Crop, list[Character]]], words: Lexicon) -> list[tuple[Crop, list[Character]]]:
        """Return what was read of a page; words that are doubtful are decided by its language's list of words."""
        classes = self._narrow_classes
        if classes is None or not any(has_doubt(characters) for _, characters in read):
            return read

        def spelled(line: Crop, characters: list[Character]) -> list[Character]:
            if not (doubtful := doubtful_words(characters, words)):
                return characters
            recognition = self._recognition(line)
            return respelled(characters, doubtful, lambda left, right: recognition.answer(left, right, classes), words)

        return [(line, spelled(line, characters)) for line, characters in read]

    def small(self, image: Grey) -> list[Crop]:
        """Return lines that are too small to be seen on the reduced page."""
        crops = [crop(image, corners) for corners in find_small(image)]
        return [one for one in crops if _is_text(self._recognized(one))]

    def _mean_confidence(self, lines: Sequence[Crop]) -> float:
        return _mean([mean_probability(self._recognized(one)) for one in lines])

    def _recognized(self, line: Crop) -> list[Character]:
        key, recognition = _key(line), self._recognition(line)
        if key not in self._known or not recognition.stands:
            self._known[key] = self._characters(recognition)
            recognition.drop()
        return self._known[key]

    def _recognition(self, line: Crop) -> Recognition:
        return self._seen.setdefault(_key(line), Recognition(line, self._networks, self._shortcuts))

    def _characters(self, recognition: Recognition) -> list[Character]:
        """Return a line's characters; those of another script than its page's only where these are no good reading."""
        if self._usual is None:
            return recognition.characters(self._classes, roughly=not self._is_script_known)
        usual = recognition.characters(self._usual)
        if (sure := mean_probability(usual)) >= _SCRIPT_CONFIDENCE:
            return usual
        other = recognition.characters(self._classes)
        is_better = mean_probability(other) > max(sure + _MIN_GAIN, _SCRIPT_CONFIDENCE)
        return other if is_better and (not self._is_latin or not is_pattern(other)) else usual


def _key(line: Crop) -> int:
    return hash(line.corners.tobytes())


def _filled(characters: Sequence[Character]) -> float:
    """Return how much of a line its characters fill, in heights, those that are not sure for less."""
    return sum(one.probability * (1.0 if is_wide(one.text) else 0.5) for one in characters)


def _printed(characters: Sequence[Character]) -> str:
    return "".join(character.text for character in characters if not character.text.isspace())


def _is_text(characters: Sequence[Character]) -> bool:
    """Return whether it is more than a pattern in a picture, where no other line is."""
    alphanumeric = sum(character.text.isalnum() for character in characters)
    return alphanumeric >= _MIN_SMALL_CHARACTERS and mean_probability(characters) >= _LARGE_CONFIDENCE


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
