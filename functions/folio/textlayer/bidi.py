"""Lines with Hebrew or Arabic in logical order, as one reads and types them.

pdftotext gives the words of a line, and the letters of a word, from left to right as they stand on the page. What runs
from right to left is turned round; figures and Latin words inside keep their order. It is the way back of the Unicode
bidirectional algorithm for lines without nested embeddings, which is what pages have.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from folio.documents.pdf.text_page import TextBox

_RTL = re.compile("[\u0590-\u05ff\u0600-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_MOSTLY = 2  # times as many letters
_LTR = re.compile("[A-Za-z\u00c0-\u02af\u0370-\u052f]")
_DIGIT = re.compile("[0-9\u0660-\u0669\u06f0-\u06f9]")
# What is written from left to right inside of a word: figures with their separators, Latin letters.
_PLAIN = "0-9\u0660-\u0669\u06f0-\u06f9A-Za-z"
_PIECE = re.compile(f"[{_PLAIN}](?:[{_PLAIN}.,:/%+-]*[{_PLAIN}])?%?|.", re.DOTALL)
# After an Arabic word the parts of a number or a date with dashes stand from right to left; Hebrew leaves them.
_ARABIC, _PARTS = re.compile("[\u0620-\u064a\ufb50-\ufefc]"), re.compile("[^+-]+|[+-]")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_BRACKET = re.compile(r"[()\[\]{}«»]")
# A ligature of lam and alef is two letters in pdftotext's order already, so that turning it round exchanges them. Where
# that gives what Arabic does not write (two alefs side by side, the article alone), it is exchanged back.
_LIGATURES = (
    (re.compile("([\u0627\u0622\u0623\u0625])([\u0627\u0622\u0623\u0625])\u0644"), "\\1\u0644\\2"),
    (re.compile("\u0627(\u064b)\u0644\\b"), "\u0644\u0627\\1"),
    (re.compile("^\u0627\u0644$"), "\u0644\u0627"),
)
# Letters that stand only at the end of a word, and the article that stands at the beginning.
_LAST = re.compile(
    "^[\u05da\u05dd\u05df\u05e3\u05e5\u0629\u0649]|(?P<logical>[\u05da\u05dd\u05df\u05e3\u05e5\u0629\u0649]$)"
)
_ARTICLE = ("\u0627\u0644", "\u0644\u0627")


def has_rtl(text: str) -> bool:
    """Return whether there are letters that are written from right to left."""
    return not text.isascii() and _RTL.search(text) is not None


def is_rtl(texts: Iterable[str]) -> bool:
    """Return whether most letters are written from right to left."""
    text = "".join(texts)
    return has_rtl(text) and len(_RTL.findall(text)) >= len(_LTR.findall(text))


def is_ltr(texts: Sequence[str]) -> bool:
    """Return whether a line, given from left to right, is Latin with some words of the other kind inside."""
    text = "".join(texts)
    is_between = "R" not in (_kind(texts[0]), _kind(texts[-1]))
    return is_between and len(_LTR.findall(text)) > _MOSTLY * len(_RTL.findall(text))


def is_visual(texts: Iterable[str]) -> bool:
    """Return whether words stand as they are seen, from left to right. Some PDFs name their words in logical order."""
    visual, logical = 0, 0
    for text in texts:
        if text.isascii():
            continue
        bare = text.strip(".,:;()\u060c\u061b")
        if len(bare) < 2 or not has_rtl(bare):
            continue
        if match := _LAST.search(bare):
            logical, visual = logical + bool(match["logical"]), visual + (not match["logical"])
        logical, visual = logical + bare.startswith(_ARTICLE[0]), visual + bare.endswith(_ARTICLE[1])
    return visual >= logical


def to_logical(words: Sequence[TextBox], *, right_to_left: bool, visual: bool = True) -> list[TextBox]:
    """Return a line's words, given from left to right, in logical order; their letters too, unless they have it."""
    ordered = _turned(words, "L" if right_to_left else "R")
    ordered = ordered[::-1] if right_to_left else ordered
    if not visual:
        return [_plain(word, word.text) for word in ordered]
    texts = [_letters(word.text) if has_rtl(word.text) else word.text for word in ordered]
    for index in range(1, len(texts)):
        if right_to_left and _kind(texts[index]) == "N" and _ARABIC.search(texts[index - 1]):
            texts[index] = "".join(reversed(_PARTS.findall(texts[index])))
    bracket = _BRACKET.search("".join(texts))
    if right_to_left and bracket and bracket[0] in ")]}»":  # the glyphs' shapes, not what they mean
        texts = [text if _kind(text) == "L" else text.translate(_MIRRORED) for text in texts]
    return [_plain(word, text) for word, text in zip(ordered, texts, strict=True)]


def _turned(words: Sequence[TextBox], kind: str) -> list[TextBox]:
    """Return the words with each run of that kind turned round; what stands between two of its words belongs to it."""
    kinds = [_kind(word.text) for word in words]
    result: list[TextBox] = []
    index = 0
    while index < len(words):
        end = index
        if kinds[index] == kind:
            other = "R" if kind == "L" else "L"
            limit = next((at for at in range(index, len(words)) if kinds[at] == other), len(words))
            last = kind + "N" if kind == "L" else kind  # a figure after a Latin word belongs to it
            end = max(at for at in range(index, limit) if kinds[at] in last)
        result += words[index : end + 1][::-1]
        index = end + 1
    return result


def _kind(text: str) -> str:
    if has_rtl(text):
        return "R"
    return "L" if _LTR.search(text) else "N" if _DIGIT.search(text) else ""


def _letters(text: str) -> str:
    """Return a word's letters turned round, marks after their letters, figures and Latin as they are."""
    turned = _marks_after("".join(reversed(_PIECE.findall(text))))
    for pattern, exchanged in _LIGATURES:
        turned = pattern.sub(exchanged, turned)
    return turned


def _marks_after(text: str) -> str:
    """Return the text with combining marks behind their letters, where turning it round put them before."""
    if not any(map(unicodedata.combining, text)):
        return text
    result, marks = "", ""
    for char in text:
        if unicodedata.combining(char):
            marks += char
        else:
            result, marks = result + char + marks[::-1], ""
    return result + marks


def _plain(word: TextBox, text: str) -> TextBox:
    """Return the word with letters instead of their forms at the beginning, in the middle or at the end of a word."""
    plain = "".join(unicodedata.normalize("NFKC", char) if "\ufb1d" <= char <= "\ufefc" else char for char in text)
    return word if plain == word.text else TextBox(plain, word.box)
