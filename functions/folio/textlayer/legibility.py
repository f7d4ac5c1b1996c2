"""Whether characters are text: what a PDF says its glyphs mean is a claim, and often a wrong one.

Pure rules on words. Each knows one way in which layers are wrong: fonts without a mapping (private use, control
characters), mappings that are off (letters that no language writes side by side, rare Chinese characters only), text
decoded by the wrong table, words torn into letters. In doubt a text is not legible: it is read from the page's image
then, which costs only time.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise

from msgspec import Struct

from folio.textlayer.letter_pairs import likenesses

# Likeness of letters to the languages of their script (`letter_pairs`), in natural logarithms: 0.5 to 1.5 in texts,
# hardly ever below -0.5; below -0.6 nearly all whose letters were exchanged or shifted.
_MIN_LIKENESS = -0.6
# Of a page's letters, for a script to be examined: the one that most of them are of, and others. Below are formulas.
_MIN_MAIN_SHARE, _MIN_OTHER_SHARE = 0.25, 0.33
_UNKNOWN = re.compile("[\u0700-\u1dff\u2c00-\U0003ffff]")  # scripts without such a table: Indic to kana and Chinese
_MAX_UNKNOWN_SHARE = 0.25  # of a page's letters: then Latin ones are names and commands
_MIN_HAN, _MIN_HAN_SHARE = 20, 0.8
_MIN_HAN_LETTERS_SHARE = 0.1  # of all letters: a few on a page of others are names, or samples of rare ones
_FEWEST_HAN, _FEW_HAN_SHARE = 8, 0.5  # of a title page
_HANGUL = ("\uac00", "\ud7a3")  # syllables, of which a fifth are written: the others are made up from their parts
# The lead bytes of each character set's first level, which holds what people write.
_FIRST_LEVELS = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("euc_jp", 0xB0, 0xCF))
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf]|â€|ï»¿|ï¿½|锟斤拷|烫烫|屯屯")
_BAD = frozenset(("Cc", "Co", "Cn", "Cs"))
_RUN = re.compile(r"(.)\1+")
_LEADER = re.compile(r"(?:[.·․…‥_-] ?){3,}|([^\w\s])(?: ?\1){2,}")
_LETTERS = re.compile(r"[^\W\d_]+")
# Scripts whose letters never stand in one word with Latin ones: Greek, Cyrillic, Armenian to Arabic, Indic to Georgian.
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u058f\u05d0-\u074f\u0780-\u10ff\ufb50-\ufefc]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
# Those that look like no Cyrillic or Greek letter: what is typed with a look-alike (an i in Ukrainian) reads the same.
_LATIN_ALONE = re.compile("[DFGJLNQRSUVWZbdfghklmnqrtvwz\u00c0-\u024f]")
_LOOK_ALIKES = re.compile("[\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04d9\u04e9]")  # аеорсухѕіјәө
_ALPHABETS = re.compile("[A-Za-z\u00c0-\u052f\u1e00-\u1fff]")  # whose letters stand side by side in a word
_MAX_MIXED_SHARE, _MIN_MIXED = 0.3, 8  # of the words with letters of those scripts
# Characters without a meaning: alone they are bullets, ticks and arrows of symbol fonts and delimiters of formulas; in
# a few words, a logo or a ligature. These words are left out.
_MAX_SHAPE_CHARACTERS = 2
_MAX_BROKEN_SHARE, _MIN_BAD_SHARE = 0.05, 0.01  # of all words that are longer, and of all characters in them
_FEW_BROKEN = 2  # words that are left out of any page with three times as many
_MAX_SHAPES_SHARE = 0.15  # of all characters
_MIN_SINGLE_RUN, _MAX_SINGLE_SHARE = 5, 0.2  # single letters in a row that are no formula; of all letters
# Scripts without spaces between words: Thai to Tibetan, Burmese, Hangul, Khmer, kana and Chinese characters.
_UNPARTED = re.compile("[\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
_MIN_SET_APART, _MAX_SET_APART_SHARE = 60, 0.85  # letters, and the share of them that stand alone
_OTHER_SCRIPT = re.compile("[\u0400-\u1fff]")
_MIN_JUMBLED, _MIN_SCRIPTS = 20, 5  # words in scripts behind Greek, and blocks of 128 characters they are of
_ADDRESS = re.compile("[/@]")
_LABEL = re.compile(r"\b[A-Z]{2,3}\b")  # of a figure, or an acronym: no language's letters
_MARKED = range(0xA1, 0x100)  # what most wrong tables turn Chinese, Cyrillic and Greek bytes into


class _Text(Struct):
    """The words of a page, in the forms that the rules examine."""

    words: Sequence[str]
    running: str
    counts: Counter[str]
    length: int

    def ratio(self, is_so: Callable[[str], bool]) -> float:
        """Return the share of the characters that are so."""
        return sum(count for char, count in self.counts.items() if is_so(char)) / self.length


def reason_untrustworthy(words: Sequence[str]) -> str | None:
    """Return why these words of one page cannot be its text, or None if nothing speaks against them."""
    running = " ".join(words)
    words = running.split()  # a map may put spaces into words
    # A run of one sign (dot leaders and others, rules of underscores) counts once.
    counts = Counter(_RUN.sub(r"\1", _LEADER.sub(".", running)))
    del counts[" "]
    if not any(char.isalnum() for char in counts):
        return "it has neither letters nor digits"
    text = _Text(words, running, counts, counts.total())
    return next((why for why, is_so in _REASONS.items() if is_so(text)), None)


def is_meaningless(word: str) -> bool:
    """Return whether a character of a word has no meaning: what it looks like, only the page's image tells."""
    if word.isprintable() and "\ufffd" not in word:  # most are; no character without a meaning is printable
        return False
    return any(_is_bad(char) for char in word)


def _is_bad(char: str) -> bool:
    return char == "\ufffd" or unicodedata.category(char) in _BAD


def _unmapped(text: _Text) -> bool:
    if not any(_is_bad(char) for char in text.counts):
        return False
    bad = [word for word in text.words if is_meaningless(word)]
    broken = [word for word in bad if len(word) > _MAX_SHAPE_CHARACTERS]
    characters = sum(_is_bad(char) for word in bad for char in word)
    in_broken = sum(_is_bad(char) for word in broken for char in word)
    least = max(len(text.words) * _MAX_BROKEN_SHARE, min(len(text.words) / 3, _FEW_BROKEN))
    many = len(broken) > least and in_broken > text.length * _MIN_BAD_SHARE
    return many or characters > text.length * _MAX_SHAPES_SHARE


def _symbols(text: _Text) -> bool:
    """Return whether symbols are most of it: letters, their marks and digits are most of any text."""
    return text.ratio(lambda char: char.isalnum() or unicodedata.category(char)[0] == "M") < 0.5


def _wrong_table(text: _Text) -> bool:
    if text.running.isascii():
        return False
    mixed = sum(len(match) for match in _MOJIBAKE.findall(text.running))
    return mixed > text.length * 0.01 or text.ratio(lambda char: ord(char) in _MARKED) > 0.3


def _exchanged(text: _Text) -> bool:
    """Return whether letters of a script that much of the page is written in stand side by side as in no language.

    Names and commands on a page in another script, and the letters of formulas, are too few to say anything. Nor does
    anything follow from addresses among words.
    """
    prose = " ".join(word for word in text.words if not _ADDRESS.search(word))
    return _is_no_language(text.running) is True and _is_no_language(prose) is not False


def _is_no_language(running: str) -> bool | None:
    """Return whether letters stand side by side as in no language, or None if there are too few to tell."""
    running = _LABEL.sub("", running)
    if not running.isascii():
        running = unicodedata.normalize("NFKC", running)
    characters, scripts = sum(map(str.isalpha, running)), likenesses(running.lower())
    if sum(map(str.isalpha, _UNKNOWN.findall(running))) > _MAX_UNKNOWN_SHARE * characters:
        return False
    if not scripts:
        return None
    main = max(one.characters for one in scripts)
    least = min(max(main, _MIN_MAIN_SHARE * characters), _MIN_OTHER_SHARE * characters)
    return any(one.mean < _MIN_LIKENESS and one.characters >= least for one in scripts)


def _mixed_scripts(text: _Text) -> bool:
    """Return whether letters of other alphabets share their words with Latin ones: half of a font is mapped wrongly."""
    if text.running.isascii():
        return False
    foreign = [run for run in _LETTERS.findall(text.running) if _FOREIGN.search(run) and len(run) > 1]
    words = (_LOOK_ALIKES.sub("", run) for run in foreign)
    mixed = sum(bool(_LATIN_ALONE.search(word) and _FOREIGN.search(word)) for word in words)
    return mixed >= _MIN_MIXED and mixed > len(foreign) * _MAX_MIXED_SHARE


def _rare_han(text: _Text) -> bool:
    """Return whether most Chinese characters are rare in Chinese of either kind and in Japanese."""
    han = {char: count for char, count in text.counts.items() if "\u3400" <= char <= "\u9fff" or char >= "\U00020000"}
    known = (sum(count for char, count in han.items() if _is_within(char, *level)) for level in _FIRST_LEVELS)
    total = sum(han.values())
    least = total * (_MIN_HAN_SHARE if total >= _MIN_HAN else _FEW_HAN_SHARE)
    alphabetic = sum(count for char, count in text.counts.items() if char.isalpha())
    return total >= _FEWEST_HAN and total >= alphabetic * _MIN_HAN_LETTERS_SHARE and max(known) < least


def _rare_hangul(text: _Text) -> bool:
    """Return whether most Korean syllables are never written: a map leads anywhere among them."""
    first, last = _HANGUL
    hangul = {char: count for char, count in text.counts.items() if first <= char <= last}
    total = sum(hangul.values())
    known = sum(count for char, count in hangul.items() if _is_within(char, "euc_kr", 0xB0, 0xC8))
    return total >= _FEWEST_HAN and known < total * (_MIN_HAN_SHARE if total >= _MIN_HAN else _FEW_HAN_SHARE)


def _is_within(char: str, codec: str, first: int, last: int) -> bool:
    try:
        encoded = char.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(encoded) == 2 and first <= encoded[0] <= last


def _torn(text: _Text) -> bool:
    """Return whether letters are set apart, or a page run together: there are no words either way.

    The letters of a formula are parted by signs and figures, those of a torn word follow each other.
    """
    alphabetic = [word for word in text.words if word.isalpha() and _ALPHABETS.match(word)]
    endless = sum(len(word) > 40 for word in alphabetic)
    if len(alphabetic) < 20:
        return False
    runs = (len(list(run)) for single, run in groupby(text.words, key=_is_single_letter) if single)
    single = sum(length for length in runs if length >= _MIN_SINGLE_RUN)
    total = sum(count for char, count in text.counts.items() if char.isalpha())
    return single > total * _MAX_SINGLE_SHARE or endless > len(alphabetic) * 0.2


def _set_apart(text: _Text) -> bool:
    """Return whether nearly all letters stand alone, whatever stands between them.

    Only scripts that part words by spaces are examined: a Chinese, Thai or Tibetan character may be a word.
    """
    words = [word for word in text.words if any(map(str.isalpha, word)) and not _UNPARTED.search(word)]
    lengths = [sum(map(str.isalpha, word)) for word in words]
    return sum(lengths) >= _MIN_SET_APART and lengths.count(1) > sum(lengths) * _MAX_SET_APART_SHARE


def _jumbled(text: _Text) -> bool:
    """Return whether the script changes from word to word, among many: a map leads into any of them.

    A list of languages has one script for each, and words of it on its line.
    """
    scripts = [ord(match[0]) >> 7 for word in text.words if (match := _OTHER_SCRIPT.search(word))]
    changes = sum(one != other for one, other in pairwise(scripts))
    return len(scripts) >= _MIN_JUMBLED and len(set(scripts)) >= _MIN_SCRIPTS and changes > len(scripts) / 2


def _is_single_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and _ALPHABETS.match(word) is not None


_REASONS: dict[str, Callable[[_Text], bool]] = {
    "it has characters without a meaning": _unmapped,
    "most of it is symbols": _symbols,
    "it was decoded by the wrong table": _wrong_table,
    "its letters are no language's": _exchanged,
    "letters of two alphabets share its words": _mixed_scripts,
    "its Chinese characters are rare ones": _rare_han,
    "its Korean syllables are rare ones": _rare_hangul,
    "its words are torn": lambda text: _torn(text) or _set_apart(text),
    "its words are of many scripts in turn": _jumbled,
}
