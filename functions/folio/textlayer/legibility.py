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

from msgspec import Struct

# Pairs of letters that make up most of a text in any European language (six or seven tenths of those in the tests, four
# of romanised Chinese), and less than a third of one whose letters were exchanged.
_COMMON = (
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic "
    "ne ea ra ce li ch ll be ma si om ur el la un ge ei ie sc ta no na ia em us os ad ur il ss pr po za ni ka wa ki sa "
    "ra dz rz cz ow ej sk ja aa ee tt ll ko va ks et ca sz ek do da di so ol am ac ec ay ul gi ao"
)
_PAIRS = frozenset(_COMMON.split())
_MIN_PAIRS, _MIN_PAIRS_SHARE = 30, 0.33
_MIN_HAN, _MIN_HAN_SHARE = 20, 0.8
# The lead bytes of each character set's first level, which holds what people write.
_FIRST_LEVELS = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("euc_jp", 0xB0, 0xCF))
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf]|â€|ï»¿|ï¿½|锟斤拷|烫烫|屯屯")
_BAD = frozenset(("Cc", "Co", "Cn", "Cs"))
_RUN = re.compile(r"(.)\1+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_PAIR = re.compile("(?=([a-z][a-z]))")
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
    # A run of one character (dot leaders, rules of underscores) counts once.
    counts = Counter(_RUN.sub(r"\1", running))
    del counts[" "]
    if not any(char.isalnum() for char in counts):
        return "it has neither letters nor digits"
    text = _Text(words, running, counts, counts.total())
    return next((why for why, is_so in _REASONS.items() if is_so(text)), None)


def _unmapped(text: _Text) -> bool:
    return text.ratio(lambda char: char == "\ufffd" or unicodedata.category(char) in _BAD) > 0.01


def _symbols(text: _Text) -> bool:
    """Return whether symbols are most of it: letters, their marks and digits are most of any text."""
    return text.ratio(lambda char: char.isalnum() or unicodedata.category(char)[0] == "M") < 0.5


def _wrong_table(text: _Text) -> bool:
    if text.running.isascii():
        return False
    mixed = sum(len(match) for match in _MOJIBAKE.findall(text.running))
    return mixed > text.length * 0.01 or text.ratio(lambda char: ord(char) in _MARKED) > 0.3


def _exchanged(text: _Text) -> bool:
    """Return whether Latin letters, without accents, stand side by side as in no language."""
    plain = text.running.lower()
    if not plain.isascii():
        plain = _ACCENTS.sub("", unicodedata.normalize("NFD", plain))
    pairs = Counter(_PAIR.findall(plain))
    good = sum(count for pair, count in pairs.items() if pair in _PAIRS)
    return pairs.total() >= _MIN_PAIRS and good < pairs.total() * _MIN_PAIRS_SHARE


def _rare_han(text: _Text) -> bool:
    """Return whether most Chinese characters are rare in Chinese of either kind and in Japanese."""
    han = {char: count for char, count in text.counts.items() if "\u3400" <= char <= "\u9fff" or char >= "\U00020000"}
    known = (sum(count for char, count in han.items() if _is_within(char, *level)) for level in _FIRST_LEVELS)
    return sum(han.values()) >= _MIN_HAN and max(known) < sum(han.values()) * _MIN_HAN_SHARE


def _is_within(char: str, codec: str, first: int, last: int) -> bool:
    try:
        encoded = char.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(encoded) == 2 and first <= encoded[0] <= last


def _torn(text: _Text) -> bool:
    """Return whether letters are set apart, or a page run together: there are no words either way."""
    latin = [word for word in text.words if word.isascii() and word.isalpha()]
    single, endless = sum(len(word) == 1 for word in latin), sum(len(word) > 40 for word in latin)
    return len(latin) >= 20 and (single > len(latin) * 0.4 or endless > len(latin) * 0.2)


_REASONS: dict[str, Callable[[_Text], bool]] = {
    "it has characters without a meaning": _unmapped,
    "most of it is symbols": _symbols,
    "it was decoded by the wrong table": _wrong_table,
    "its letters are no language's": _exchanged,
    "its Chinese characters are rare ones": _rare_han,
    "its words are torn": _torn,
}
