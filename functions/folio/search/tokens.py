"""What is indexed of a text, and what is asked of the index.

Letters and digits make a token, without case and in NFKC. Chinese, Japanese and other scripts without spaces between
words make a token of each character with the next one, whatever space an engine put between them; the last of a run
stands alone, so that every character begins exactly one token and a single one can be found by its beginning.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct

from folio.errors import BadOption

MAX_WORDS = 32  # of a query; far from the depth that SQLite allows
MAX_CHARACTERS = 1000

# Thai to Myanmar, Khmer, Hangul, kana and bopomofo, Han with its extensions.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3130-\u318f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_PART = re.compile(rf"(?P<character>[{_UNSPACED}])|(?P<word>[^\W_{_UNSPACED}]+)|(?P<other>[^\s])")
_ASKED = re.compile(r'"([^"]*)"|(\S+)')


class Token(Struct, frozen=True):
    """A token of a text, and the indexes of the first and the last of its parts (words) that the token stands in."""

    text: str
    first: int
    last: int


class Term(Struct, frozen=True):
    """Tokens that have to follow each other; of a `prefix` the last is only the beginning of one."""

    tokens: tuple[str, ...]
    prefix: bool = False

    def expression(self) -> str:
        """Return the term as FTS5 reads it: no token holds a quote."""
        return f'"{" ".join(self.tokens)}"{" *" if self.prefix else ""}'

    def matches(self, tokens: list[Token]) -> Iterator[range]:
        """Yield the indexes of the parts of a text that each place where the term stands lies in."""
        count = len(self.tokens)
        for start in range(len(tokens) - count + 1):
            window = tokens[start : start + count]
            whole = window[:-1] if self.prefix else window
            if any(token.text != requested for token, requested in zip(whole, self.tokens, strict=False)):
                continue
            if not self.prefix:
                yield range(window[0].first, window[-1].last + 1)
            elif window[-1].text.startswith(self.tokens[-1]):
                # The second character of a pair was not asked for.
                end = window[-1].first if _is_unspaced(self.tokens[-1]) else window[-1].last
                yield range(window[0].first, end + 1)


def tokenize(parts: Iterable[str]) -> list[Token]:
    """Return the tokens of a text that is given in parts, each a word or a line of it."""
    tokens: list[Token] = []
    run: list[tuple[str, int]] = []  # characters of a script without spaces, and the parts they stand in
    for index, part in enumerate(parts):
        for match in _PART.finditer(_folded(part)):
            if match.lastgroup == "character":
                run.append((match[0], index))
                continue
            tokens += _pairs(run)
            run = []
            if match.lastgroup == "word":
                tokens.append(Token(match[0], index, index))
    return tokens + list(_pairs(run))


def terms(words: str) -> list[Term]:
    """Return what is asked for: words, phrases in quotes, and beginnings of words with an asterisk behind them.

    Raises BadOption if there is nothing to search for, or too much.
    """
    asked = [term for match in _ASKED.finditer(words[: MAX_CHARACTERS + 1]) if (term := _term(match[1] or match[0]))]
    if not asked:
        raise BadOption("There is nothing to search for; give words, digits or characters.")
    if len(words) > MAX_CHARACTERS or len(asked) > MAX_WORDS:
        raise BadOption(f"At most {MAX_WORDS} words and {MAX_CHARACTERS} characters are searched for at once.")
    return asked


def _term(text: str) -> Term | None:
    tokens = [token.text for token in tokenize([text])]
    if not tokens:
        return None
    if not _is_unspaced(tokens[-1]):
        return Term(tuple(tokens), prefix=text.endswith("*"))
    if len(tokens) > 1 and len(tokens[-2]) > 1 and _is_unspaced(tokens[-2]):
        return Term(tuple(tokens[:-1]))  # the character that ends the run may have another behind it in the text
    return Term(tuple(tokens), prefix=True)


def _pairs(run: list[tuple[str, int]]) -> Iterator[Token]:
    for (character, first), (following, last) in pairwise(run):
        yield Token(character + following, first, last)
    if run:
        yield Token(run[-1][0], run[-1][1], run[-1][1])


def _is_unspaced(token: str) -> bool:
    return (match := _PART.match(token)) is not None and match.lastgroup == "character"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
