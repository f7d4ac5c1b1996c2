"""How an option is written, by its type: how it is checked, and what OpenAPI, the template and the docs say of it."""

import re
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from folio.config.options import AUTO
from folio.errors import BadOption
from folio.options import patterns

type Schema = dict[str, Any]

_LANGUAGE = "[A-Za-z0-9_]+(/[A-Za-z0-9_]+)?"
_MAX_NAME = 200  # characters
_TO_THE_END = 10**9  # above every page number that can be written
_RANGE = "[1-9][0-9]{0,6}(-([1-9][0-9]{0,6})?)?"


class Kind(Struct, frozen=True):
    """What is known of all options of one type. `values` are all there are, where they can be listed."""

    values: tuple[str, ...] = ()

    def parse(self, name: str, text: str) -> Any:
        """Return the value. Raises BadOption with what would be good."""
        raise NotImplementedError

    def text(self, value: Any) -> str:
        """Return a value as `parse` takes it."""
        return str(value)

    def schema(self) -> Schema:
        """Return the JSON Schema of the option as the API takes it."""
        return {"type": "string", "pattern": f"^{self.pattern()}$"}

    def pattern(self) -> str:
        """Return a regular expression of what may be deployed."""
        raise NotImplementedError

    def hint(self) -> str:
        """Return a sentence about what may be written; empty where an example says it better."""
        return ""

    def canonical(self, text: str) -> str:
        """Return the value that a text is but for upper and lower case, or the text."""
        known = (*self.values, "none")
        return text if text in known else next((one for one in known if one.casefold() == text.casefold()), text)

    def suggestion(self, text: str) -> str:
        """Return the part of a sentence that asks for the value that was perhaps meant; empty if there is none."""
        from difflib import get_close_matches

        close = get_close_matches(text.casefold(), self.values, n=1)
        return f"did you mean {close[0]}? Or " if close else ""


class Choice(Kind, frozen=True):
    """One of some values."""

    def parse(self, name: str, text: str) -> str:
        value = self.canonical(text)
        if value not in self.values:
            raise BadOption(
                f"{name}={shown(text)} is not known; {self.suggestion(text)}choose one of {', '.join(self.values)}."
            )
        return value

    def schema(self) -> Schema:
        if set(self.values) == {"true", "false"}:
            return {"type": "boolean"}
        if len({value.casefold() for value in self.values}) < len(self.values):
            return super().schema()  # generators of clients would make one name of two values
        return {"type": "string", "enum": list(self.values)}

    def pattern(self) -> str:
        return f"({'|'.join(self.values)})"

    def hint(self) -> str:
        return f"One of {', '.join(self.values)}."


class Choices(Kind, frozen=True):
    """Some of several values, joined by commas, in the order of these; or none of them."""

    def parse(self, name: str, text: str) -> tuple[str, ...]:
        names = {self.canonical(part.strip()) for part in text.split(",")} - {"", "none"}
        if unknown := sorted(names - set(self.values)):
            raise BadOption(
                f"{name}={shown(text)} is not known; {self.suggestion(unknown[0])}join some of"
                f" {', '.join(self.values)} by commas."
            )
        return tuple(value for value in self.values if value in names)

    def text(self, value: tuple[str, ...]) -> str:
        return ",".join(value) or "none"

    def pattern(self) -> str:
        return f"(none|{_joined(self.values, f'{{0,{len(self.values) - 1}}}')})"

    def hint(self) -> str:
        return f"Some of {', '.join(self.values)}, joined by commas, or none."


class Chain(Kind, frozen=True):
    """Some of several values, joined by commas, in the order in which they are given; at least one."""

    def parse(self, name: str, text: str) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(self.canonical(part.strip()) for part in text.split(",")))
        if unknown := [one for one in names if one not in self.values]:
            raise BadOption(
                f"{name}={shown(text)} is not a chain; {self.suggestion(unknown[0])}join some of"
                f" {', '.join(self.values)} by commas."
            )
        return names

    def text(self, value: tuple[str, ...]) -> str:
        return ",".join(value)

    def pattern(self) -> str:
        return _joined(self.values, f"{{0,{len(self.values) - 1}}}")

    def hint(self) -> str:
        return f"Some of {', '.join(self.values)}, joined by commas."


class WholeNumber(Kind, frozen=True, kw_only=True):
    """A whole number from `low` to `high`."""

    low: int
    high: int

    def parse(self, name: str, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or not self.low <= int(text) <= self.high:
            raise BadOption(f"{name}={shown(text)} does not fit; give a whole number from {self.low} to {self.high}.")
        return int(text)

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}

    def pattern(self) -> str:
        return patterns.whole_numbers(self.low, self.high)

    def hint(self) -> str:
        return f"A whole number from {self.low} to {self.high}."


class Decimal(Kind, frozen=True, kw_only=True):
    """A number from `low` to `high` with up to four decimals."""

    low: int
    high: int

    def parse(self, name: str, text: str) -> float:
        fits = re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,4})?|\.[0-9]{1,4}", text, re.ASCII)
        if not fits or not self.low <= float(text) <= self.high:
            bounds = f"{self.low} to {self.high}"
            raise BadOption(f"{name}={shown(text)} does not fit; give a number from {bounds}, for example 0.5.")
        return float(text)

    def text(self, value: float) -> str:
        return f"{value:g}"

    def schema(self) -> Schema:
        return {"type": "number", "minimum": self.low, "maximum": self.high}

    def pattern(self) -> str:
        return patterns.decimals(self.low, self.high)

    def hint(self) -> str:
        return f"A number from {self.low} to {self.high}."


class LanguageNames(Kind, frozen=True):
    """Tesseract's names of languages, joined by + or commas, or auto; which of them there are, a provider knows."""

    def parse(self, name: str, text: str) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(part.strip() for part in re.split(r"[+,]", text) if part.strip()))
        if not names or not all(re.fullmatch(_LANGUAGE, part) for part in names):
            raise BadOption(f"{name}={shown(text)} is not a list of languages; write them as eng+chi_sim, or auto.")
        if AUTO in names and len(names) > 1:
            raise BadOption(f"{name}={shown(text)} is more than auto; write auto alone, or the languages.")
        return names

    def text(self, value: tuple[str, ...]) -> str:
        return "+".join(value)

    def pattern(self) -> str:
        return f"{_LANGUAGE}([+,]{_LANGUAGE})*"


class PageList(Kind, frozen=True):
    """Pages and ranges of them, joined by commas: 1-3,7,9-.

    The value is the shortest way to write the same pages, rising; empty for all of them.
    """

    def parse(self, name: str, text: str) -> str:
        spans: list[tuple[int, int]] = []
        for part in text.split(","):
            match = re.fullmatch(_RANGE, part.strip(), re.ASCII)
            first, dash, last = part.strip().partition("-")
            if not match or (last and int(last) < int(first)):
                raise BadOption(f"{name}={shown(text)} is not a list of pages; write it as 1-3,7 or 5- to the end.")
            spans.append((int(first), int(last) if last else _TO_THE_END if dash else int(first)))
        return ",".join(_span(first, last) for first, last in _joined_spans(spans))

    def pattern(self) -> str:
        return f"{_RANGE}(,{_RANGE})*"


class DocumentName(Kind, frozen=True):
    """The name of an attached document, as somebody chose it."""

    def parse(self, name: str, text: str) -> str:
        if len(text) > _MAX_NAME or not text.isprintable():
            raise BadOption(
                f"{name}={shown(text)} is too long or has characters that cannot be shown; choose the document by its"
                " number, for example #1."
            )
        return text

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": _MAX_NAME}

    def pattern(self) -> str:
        return f".{{1,{_MAX_NAME}}}"


def shown(value: str) -> str:
    """Return a foreign value as it stands inside a message: short, on one line."""
    return repr(value if len(value) <= 40 else value[:40] + "…")


def _joined_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the same pages as few spans, rising; none if they are all pages."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return [] if joined == [(1, _TO_THE_END)] else joined


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-" if last == _TO_THE_END else f"{first}-{last}"


def _joined(values: tuple[str, ...], repeated: str) -> str:
    one = f"({'|'.join(values)})"
    return f"{one}(,{one}){repeated}"
