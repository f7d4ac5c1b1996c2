"""What the command line says: in English as it stands in the code, in Chinese by the table `zh-CN.toml`.

Chinese is spoken where the locale is (LC_ALL, LC_MESSAGES or LANG begins with zh) and the stream can carry it.
Messages of the command line go through `tr`; sentences of the library, which raises them in English, through
`sentence`, which knows them by their form, and so do warnings of results, which stay English in these, and findings
about a stack.
"""

import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from folio.config.environment import variable

if TYPE_CHECKING:
    from folio.errors import FolioError

TABLE = Path(__file__).with_name("zh-CN.toml")
_TABLES = ("messages", "sentences", "warnings", "findings", "bench", "hints", "help")
_PLACEHOLDER = re.compile(r"\{(\d*)\}")

# Hints of errors in words of a desk, where those of the library speak of uploads, functions and requests.
DESK_HINTS = {
    "BadOption": "Correct the option and repeat the command; --help lists them.",
    "EmptyDocument": "Look at the file: it holds nothing.",
    "PasswordProtected": "Remove the password (qpdf --decrypt IN OUT), and read what that writes.",
    "TooLarge": (
        "Split or reduce the document, choose pages with --pages, or raise the limit (FOLIO_MAX_BYTES, FOLIO_MAX_PAGES,"
        " FOLIO_MAX_PIXELS)."
    ),
    "NotAcceptable": "Choose another form.",
    "DocumentTypeMismatch": "Give the right document (or the right side of the card), or choose the mode that fits it.",
    "CallBudgetExceeded": "Raise --max-calls, choose fewer pages, or let tesseract read.",
    "SourceChanged": "It changed while it was read; repeat the command.",
    "StoreUnavailable": "Try again; if it lasts, look at free disk space and the network.",
    "EngineFailed": "Try again; if it lasts, read fewer pages at once (--jobs 1) or lower --dpi.",
    "EngineTimeout": "Try again; if it lasts, raise FOLIO_PAGE_TIMEOUT or lower --dpi.",
    "Throttled": "Try again later; lower FOLIO_QPS, or buy a higher rate from the provider.",
    "Busy": "Stop the other one first.",
    "DeadlineExceeded": "Choose fewer pages at a time.",
    "AccessDenied": (
        "Look at the permissions of the file and its folder, or of the bucket; -o puts results elsewhere."
    ),
    "NameTooLong": "Give the document a shorter name.",
    "ToolMissing": "Install it with your system's packages, or `make setup`; `folio doctor` says what is missing.",
}


def tr(english: str, **values: object) -> str:
    """Return a message of the command line with its values, in the language of who runs it."""
    text = _table("messages").get(english, english) if is_chinese() else english
    return text.format(**values) if values else text


def sentence(english: str) -> str:
    """Return a finished sentence in the language of who runs it; one that is not known stays as it is."""
    if not is_chinese():
        return english
    if known := _all().get(english):
        return known
    for pattern, chinese in _patterns():
        if match := pattern.fullmatch(english):
            return _filled(chinese, [sentence(group) for group in match.groups()])
    return english


def error_text(error: "FolioError") -> str:
    """Return what went wrong and what to do, in words of a desk."""
    return f"{sentence(error.message)} {sentence(desk_hint(error))}"


def desk_hint(error: "FolioError") -> str:
    return next((DESK_HINTS[one.__name__] for one in type(error).__mro__ if one.__name__ in DESK_HINTS), error.hint)


@cache
def is_chinese() -> bool:
    """Whether the locale is Chinese, by the first of its variables that is set (POSIX), and can be written."""
    locale = variable("LC_ALL") or variable("LC_MESSAGES") or variable("LANG")
    if not locale.lower().startswith("zh"):
        return False
    try:
        "中文".encode(getattr(sys.stderr, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _table(name: str) -> dict[str, str]:
    import tomllib

    table: dict[str, str] = tomllib.loads(TABLE.read_text("utf-8"))[name]
    return table


@cache
def _all() -> dict[str, str]:
    return {english: chinese for name in _TABLES for english, chinese in _table(name).items()}


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Every sentence with places in it as a pattern; those with most words of their own first."""
    open_ones = {english: chinese for english, chinese in _all().items() if "{}" in english}
    ordered = sorted(open_ones, key=len, reverse=True)
    return [(_pattern(english), open_ones[english]) for english in ordered]


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(map(re.escape, english.split("{}"))), re.DOTALL)


def _filled(chinese: str, values: list[str]) -> str:
    """Put values into their places: those with a number, and the others in order."""
    remaining = iter(values)
    return _PLACEHOLDER.sub(lambda match: values[int(match[1])] if match[1] else next(remaining), chinese)
