"""Options of one document: their names, values and checks."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from folio.config.provider_options import SWITCHES, check_switches, parse_switch
from folio.errors import BadOption
from folio.models import Mode, Ocr, Options, Output, Provider, Recipe

PROVIDERS: tuple[str, ...] = get_args(Provider.__value__)
MODES: tuple[str, ...] = get_args(Mode.__value__)
RECIPES: tuple[str, ...] = get_args(Recipe.__value__)
OCR: tuple[str, ...] = get_args(Ocr.__value__)
TEXT_MODES = ("general", "accurate")  # ask for text, which a PDF's own text layer may have
OUTPUTS: tuple[str, ...] = get_args(Output.__value__)

# Tesseract's page segmentation modes, without those that only look at orientation and read nothing.
PSMS = ("1", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13")


def make_options(wanted: Mapping[str, str]) -> Options:
    """Checked options. Raises BadOption with the list of good names or values."""
    wanted = long_names(wanted)
    if unknown := sorted(set(wanted) - set(PARSERS) - set(SWITCHES)):
        known = ", ".join((*_ALIASES, *PARSERS, *SWITCHES))
        raise BadOption(f"There is no option {shown(unknown[0])}; the options are {known}.")
    switches = tuple((name, parse_switch(name, value)) for name, value in sorted(wanted.items()) if name in SWITCHES)
    options = Options(
        switches=switches, **{name: PARSERS[name](name, value) for name, value in wanted.items() if name in PARSERS}
    )
    check_switches(options)
    if options.ocr == "never" and options.mode not in TEXT_MODES:
        raise BadOption(f"ocr=never gives text only; mode={options.mode} needs somebody to read it.")
    return options


def long_names(wanted: Mapping[str, str]) -> dict[str, str]:
    """One name for what has two; the long one wins."""
    renamed = {_ALIASES[name]: value for name, value in wanted.items() if name in _ALIASES}
    return renamed | {name: value for name, value in wanted.items() if name not in _ALIASES}


def page_numbers(pages: str, count: int) -> Iterator[int]:
    """The chosen page numbers of a document of `count` pages, rising; all of them if `pages` is empty."""
    if not pages:
        yield from range(1, count + 1)
        return
    chosen: set[int] = set()
    for part in pages.split(","):
        first, dash, last = part.partition("-")
        end = int(last) if last else (count if dash else int(first))
        chosen.update(range(int(first), min(end, count) + 1))
    numbers = sorted(number for number in chosen if number <= count)
    if not numbers:
        raise BadOption(f"The document has {count} page{'s' * (count != 1)}, none of them in pages={pages}.")
    yield from numbers


def shown(value: str) -> str:
    """A foreign value inside a message: short, on one line."""
    return repr(value if len(value) <= 40 else value[:40] + "…")


def _choice(good: tuple[str, ...]) -> Callable[[str, str], str]:
    def parse(name: str, value: str) -> str:
        if value not in good:
            raise BadOption(f"{name}={shown(value)} is not known; choose one of {', '.join(good)}.")
        return value

    return parse


def _number(low: int, high: int) -> Callable[[str, str], int]:
    def parse(name: str, value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", value, re.ASCII) or not low <= int(value) <= high:
            raise BadOption(f"{name}={shown(value)} does not fit; give a whole number from {low} to {high}.")
        return int(value)

    return parse


def _providers(name: str, value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in value.split(",")))
    if not set(names) <= set(PROVIDERS):
        raise BadOption(f"{name}={shown(value)} is no chain; join some of {', '.join(PROVIDERS)} by commas.")
    return names


def _outputs(name: str, value: str) -> tuple[str, ...]:
    names = {part.strip() for part in value.split(",")} - {"", "none"}
    if not names <= set(OUTPUTS):
        raise BadOption(f"{name}={shown(value)} is not known; join some of {', '.join(OUTPUTS)} by commas.")
    return tuple(kind for kind in OUTPUTS if kind in names)


def _share(name: str, value: str) -> float:
    if not re.fullmatch(r"0|1|[01]?\.[0-9]{1,4}", value, re.ASCII) or float(value) > 1:
        raise BadOption(f"{name}={shown(value)} does not fit; give a number from 0 to 1, for example 0.8.")
    return float(value)


def _times(name: str, value: str) -> float:
    if not re.fullmatch(r"[0-9](\.[0-9]{1,4})?|\.[0-9]{1,4}", value, re.ASCII):
        raise BadOption(f"{name}={shown(value)} does not fit; give a number from 0 to 9, for example 0.5.")
    return float(value)


def _languages(name: str, value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in re.split(r"[+,]", value) if part.strip()))
    if not names or not all(re.fullmatch(r"[A-Za-z0-9_]+(/[A-Za-z0-9_]+)?", part) for part in names):
        raise BadOption(f"{name}={shown(value)} is not a list of languages; write them as eng+chi_sim.")
    return names


def _pages(name: str, value: str) -> str:
    """Ranges like 1-3,7,9- in rising order within each."""
    parts = [part.strip() for part in value.split(",")]
    for part in parts:
        match = re.fullmatch(r"([1-9][0-9]{0,6})(-([1-9][0-9]{0,6})?)?", part, re.ASCII)
        if not match or (match[3] and int(match[3]) < int(match[1])):
            raise BadOption(f"{name}={shown(value)} is not a list of pages; write it as 1-3,7 or 5- to the end.")
    return ",".join(parts)


_ALIASES = {"provider": "providers"}
PARSERS: dict[str, Callable[[str, str], Any]] = {
    "providers": _providers,
    "min_confidence": _share,
    "max_calls": _number(0, 999_999),
    "id_card_side": _choice(("auto", "front", "back")),
    "languages": _languages,
    "mode": _choice(MODES),
    "ocr": _choice(OCR),
    "pages": _pages,
    "recipe": _choice(RECIPES),
    "dpi": _number(50, 1200),
    "psm": _choice(PSMS),
    "second_pass": _times,
    "outputs": _outputs,
}
