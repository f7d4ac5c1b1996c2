"""One page image read by PP-OCR: lines found, turned the right way, each recognized, their words boxed."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from folio.config.options import AUTO
from folio.documents.raster import pixels
from folio.documents.raster.pixels import Grey
from folio.errors import EngineFailed, UnreadableScript
from folio.models import PageText
from folio.providers.ppocr.language.languages import (
    ENGLISH,
    JAPANESE_LANGUAGES,
    LATIN_LANGUAGES,
    allowed_classes,
    has_wide,
)
from folio.providers.ppocr.language.lexicon import Lexicon, find_lexicon
from folio.providers.ppocr.language.ngrams import Ngrams
from folio.providers.ppocr.lines.close_up import find_lines
from folio.providers.ppocr.lines.large_print import find_small
from folio.providers.ppocr.onnx.characters import Character, is_telling, is_text, mean_probability
from folio.providers.ppocr.onnx.networks import Networks, networks
from folio.providers.ppocr.page.ahead import with_look_ahead
from folio.providers.ppocr.page.cells import with_cells
from folio.providers.ppocr.page.combs import Comb, in_words, without_dividers
from folio.providers.ppocr.page.downwards import with_stacks
from folio.providers.ppocr.page.large import with_large
from folio.providers.ppocr.page.layout import in_order
from folio.providers.ppocr.page.rows import with_rows
from folio.providers.ppocr.page.script import (
    LONGEST,
    SPREAD,
    find_ngrams,
    find_script,
    has_clear_wide,
    has_doubtful_accent,
    is_japanese_alone,
    is_pattern,
    is_plain,
)
from folio.providers.ppocr.page.small_print import enlarged
from folio.providers.ppocr.page.turned import as_it_lay, has_lost, turned_upright
from folio.providers.ppocr.page.turning import MIN_GAIN, Read, Turning, as_the_page
from folio.providers.ppocr.page.unknown_letters import with_unread
from folio.providers.ppocr.text.answers import Answered
from folio.providers.ppocr.text.confidence import is_writing
from folio.providers.ppocr.text.crop import Crop, crop
from folio.providers.ppocr.text.decoding import decided, has_doubtful
from folio.providers.ppocr.text.gaps import has_gap
from folio.providers.ppocr.text.monospaced import find_pitches
from folio.providers.ppocr.text.recognition import Recognition
from folio.providers.ppocr.text.shortcuts import shortcuts
from folio.providers.ppocr.text.spelling import clear_words, doubtful_words, has_doubt, respelled
from folio.providers.ppocr.text.upright import Upright, lies_on_side
from folio.providers.ppocr.text.words import make_line
from folio.providers.scripts import CHINESE, JAPANESE, LATIN
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.characters import Classes

# Means of the characters' probabilities.
_SCRIPT_CONFIDENCE = 0.8  # of a line in the page's script; below it another is tried, which is to be as sure
_LANGUAGE_LINES = 4  # after so many more of a page that are read its language is looked for again


def read_page(path: Path, languages: tuple[str, ...]) -> PageText:
    """Return the text of a grey image in its pixels. Raises ToolMissing, EngineFailed, UnreadableScript."""
    image = pixels.read(path)
    if image is None:
        raise EngineFailed("The image of the page is incomplete; the scratch space may be full.")
    page = _Page.detect(image, languages)
    upright = _upright(page, languages) if page.rotation else None
    return as_it_lay(upright.read(), page.rotation, image.shape) if upright else page.read()


def _upright(page: "_Page", languages: tuple[str, ...]) -> "_Page | None":
    """Return a page turned upright, its lines found anew; None if it does not lie upright so, or has lost lines."""
    if page.is_wide and page.rotation != 180 and not page.reader.lies_on_side(page):
        return None
    try:
        upright = _Page.detect(turned_upright(page.image, page.rotation), languages)
    except UnreadableScript:
        return None
    return None if upright.rotation or has_lost(upright.crops, page.crops) else upright


class _Page(Struct, frozen=True):
    """A page whose lines are found; how they lie and, where the languages were to be found, their script are told."""

    image: Grey
    reader: "_Reader"
    crops: Sequence[Crop]
    rotation: Literal[0, 90, 180, 270]
    script: str | None
    is_wide: bool  # in characters that may stand in columns on an upright page

    @staticmethod
    def detect(image: Grey, languages: tuple[str, ...]) -> "_Page":
        loaded = networks()
        reader = _Reader(loaded, languages)
        crops = reader.with_large(image, [crop(image, region) for region in find_lines(image, loaded)])
        crops = with_stacks(image, crops, reader.recognized, reader.tried) or reader.small(image)
        rotation = reader.turning.rotation(crops)
        script = reader.find_script(crops, rotation) if languages == (AUTO,) else None
        return _Page(image, reader, crops, rotation, script, script in (CHINESE, JAPANESE) or has_wide(languages))

    def read(self) -> PageText:
        reader, rotation = self.reader, self.rotation
        crops = self.crops if rotation or self.is_wide else with_rows(self.crops, reader.recognized, reader.tried)
        crops = [enlarged(self.image, one) for one in crops] if self.is_wide else crops
        read = reader.read(crops, rotation)
        plain = reader.plain(with_cells(self.image, read, lambda *one: reader.in_cells(self.image, *one)))
        runs = find_ngrams(characters for _, characters in plain) if self.is_wide else None
        plain = reader.likely(plain, runs) if runs else plain
        words = reader.lexicon(characters for _, characters in plain)
        every = words and words.with_words(clear_words(characters for _, characters in plain))
        spelled = reader.spelled(plain, every) if every else plain
        pitches = find_pitches(characters for _, characters in spelled)
        lines = [line for line in (make_line(one, characters, words, pitches) for one, characters in spelled) if line]
        text = in_order([line for line in lines if is_writing(line, runs)], rotation, every)
        return with_unread(text, self.script, plain)


class _Reader:
    """Recognizes lines, each once and those that lie the wrong way a second time."""

    def __init__(self, networks: Networks, languages: tuple[str, ...]) -> None:
        self._networks = networks
        self._classes = allowed_classes(networks.characters, languages)
        self._is_script_known = languages != (AUTO,)
        self._among = languages if self._is_script_known else LATIN_LANGUAGES
        self._usual: Classes | None = None
        self._words: Lexicon | None = None
        self._is_latin = False
        self._shortcuts = shortcuts(networks)
        self.turning = Turning(self.recognized, self.tried)
        self._seen: dict[int, Recognition] = {}
        self._known: dict[int, list[Character]] = {}

    def lies_on_side(self, page: _Page) -> bool:
        """Return whether lines that run downwards are those of a page on its side, and no columns."""
        lines = [as_the_page(one, page.rotation) for one in page.crops]  # `turning.read` would count them twice
        return lies_on_side(self._networks, lines, self.recognized)

    def find_script(self, crops: Sequence[Crop], rotation: int) -> str:
        """Return the script of the page; lines of one in Latin letters or Japanese are read as such from now on.

        Raises UnreadableScript.
        """
        along = [one for one in crops if one.is_turned == (rotation in (90, 270))]
        longest = sorted(along, key=lambda one: -one.length)[:LONGEST]
        sample = [self.turning.read(one, rotation) for one in longest]
        if len(sample) == LONGEST and all(is_telling(characters) for _, characters in sample):
            self._expect(LATIN, sample)
        spread = [one for one in along[:: max(1, len(along) // SPREAD)] if all(one is not other for other in longest)]
        sample += [self.turning.read(one, rotation) for one in spread]
        script = find_script(sample)
        if not (self._is_latin and script == LATIN):
            self._expect(script, sample)
        return script

    def _expect(self, script: str, sample: Sequence[tuple[Crop, list[Character]]]) -> None:
        """Read lines as those of a script from now on, and those of the sample again where that may change them."""
        self._is_script_known, self._is_latin, self._usual = True, script == LATIN, None
        self._known = {key: read for key, read in self._known.items() if self._seen[key].is_final}
        if self._is_latin:
            self._usual = allowed_classes(self._networks.characters, LATIN_LANGUAGES)
            self._known = {key: read for key, read in self._known.items() if not any(is_wide(one.text) for one in read)}
        elif script == JAPANESE and is_japanese_alone(sample):
            self._usual = allowed_classes(self._networks.characters, JAPANESE_LANGUAGES)
            self._known.clear()
        else:  # 元 is no π
            self._known = {key: read for key, read in self._known.items() if not self._seen[key].is_of_few}

    def read(self, crops: Sequence[Crop], rotation: int) -> list[Read]:
        """Return the lines, each the right way, and their characters."""

        def look(line: Crop) -> None:
            line = as_the_page(line, rotation)
            if line.key not in self._known:
                self._characters(Recognition(line, self._networks, self._shortcuts, is_ahead=True))

        try:
            read = [self.turning.read(line, rotation) for line in with_look_ahead(crops, look)]
        finally:
            self._networks.forget_ahead()
        return self.turning.settled(read)

    def with_large(self, image: Grey, crops: list[Crop]) -> list[Crop]:
        """Return the lines of a page with those of large print instead of the pieces that were found of them."""
        return with_large(image, crops, self._networks, self.recognized, self.tried)

    def plain(self, read: list[Read]) -> list[Read]:
        """Return what was read of a page; doubtful accents are none if it is in a language without them."""
        if not self._is_latin or not is_plain(read):
            return read
        classes = allowed_classes(self._networks.characters, ENGLISH)

        def plain(line: Crop, characters: list[Character]) -> list[Character]:
            is_doubtful = has_doubtful_accent(characters)
            return self._recognition(line).characters(classes, self._words) if is_doubtful else characters

        return [(line, plain(line, characters)) for line, characters in read]

    def in_cells(self, image: Grey, line: Crop, comb: Comb) -> tuple[Crop, list[Character]] | None:
        """Return a line in the cells of a form, and its characters, without what divides them; None if it is none."""
        free = without_dividers(line, comb)
        recognition = Recognition(free, self._networks, self._shortcuts, is_guess=True)
        if made := in_words(image, free, comb, self._characters(recognition)):
            self._seen[line.key], self._known[line.key] = recognition, made[1]
        return made

    def likely(self, read: list[Read], runs: Ngrams) -> list[Read]:
        """Return what was read of a page; doubtful wide characters are decided by what follows what in texts."""
        forms: dict[int, dict[str, list[int]]] = {}  # of each alphabet, by its length: mostly one for a page
        upright = Upright(self._networks, {one.text for _, characters in read for one in characters})

        def likely(line: Crop, characters: list[Character]) -> list[Character]:
            characters = runs.written(characters)
            if not has_doubtful(characters):
                return characters
            recognition = self._recognition(line)
            answer, alphabet = recognition.answer(0.0, line.length, self._narrow_classes)
            answered = Answered(answer, alphabet, recognition.step, forms=forms.setdefault(len(alphabet), {}))
            recognition.drop()
            return decided(characters, answered, runs, upright.answer(line, characters, answered))

        return [(line, likely(line, characters)) for line, characters in read]

    def lexicon(self, read: Iterable[Sequence[Character]]) -> Lexicon | None:
        """Return the words of a page's language; None if it is not told, or has no list."""
        if self._narrow_classes is None:
            return None
        lines = ("".join(one.text for one in characters) for characters in read)
        return find_lexicon("\n".join(lines).split(), self._among)

    @property
    def _narrow_classes(self) -> "Classes | None":
        """The classes of the page's script or languages, None if all."""
        return self._classes if self._usual is None else self._usual

    def spelled(self, read: list[Read], words: Lexicon) -> list[Read]:
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
        return [one for corners in find_small(image) if is_text(self.recognized(one := crop(image, corners)))]

    def tried(self, line: Crop) -> list[Character]:
        """Return the characters of what may be no line at all, or none that lies so."""
        self._seen.setdefault(line.key, Recognition(line, self._networks, self._shortcuts, is_guess=True))
        return self.recognized(line)

    def recognized(self, line: Crop) -> list[Character]:
        key, recognition = line.key, self._recognition(line)
        if key not in self._known or not recognition.stands:
            self._known[key] = self._characters(recognition)
            if self._words is None and self._is_script_known and len(self._known) % _LANGUAGE_LINES == 0:
                self._words = self.lexicon(self._known.values())
            recognition.drop()
        return self._known[key]

    def _recognition(self, line: Crop) -> Recognition:
        return self._seen.setdefault(line.key, Recognition(line, self._networks, self._shortcuts))

    def _characters(self, recognition: Recognition) -> list[Character]:
        """Return a line's characters; those of another script than its page's only where these are no good reading."""
        if self._usual is None:
            return recognition.characters(self._classes, self._words, roughly=not self._is_script_known)
        usual = recognition.characters(self._usual, self._words)
        if (sure := mean_probability(usual)) >= _SCRIPT_CONFIDENCE:
            return self._with_wide(recognition, usual) if self._is_latin else usual
        if self._is_latin and recognition.is_guess:  # letters upside down are hardly ever Chinese ones
            return usual
        other = recognition.exact(self._classes)  # mostly read so before; the last layer for all characters takes time
        is_better = mean_probability(other) > max(sure + MIN_GAIN, _SCRIPT_CONFIDENCE)
        return other if is_better and (not self._is_latin or not is_pattern(other)) else usual

    def _with_wide(self, recognition: Recognition, usual: list[Character]) -> list[Character]:
        """Return a clear line of letters with the Chinese or Japanese words that stand in its gaps."""
        if not has_gap(recognition.line.image, usual):
            return usual
        every = recognition.characters(self._classes, self._words)
        return every if has_clear_wide(every) else recognition.characters(self._usual, self._words)
