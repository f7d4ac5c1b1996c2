"""What every kind of paper is to the rest: its values in one form, each with its check."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from folio.models import Field
from folio.structure.fields import checks, items
from folio.structure.fields.labels import Found
from folio.structure.fields.rows import Row, surrounding
from folio.text import field_values

type Check = Literal["passed", "failed", "unchecked"]
_SOLID = "[　-〿一-鿿＀-￠]"  # characters and signs between which no space is
_CREDIT_CODES = ("buyer_tax_id", "seller_tax_id", "credit_code")
type Values = dict[str, Field]

# What only has to exist or to have a form holds for most misreadings too: it has passed where it was read for sure.
SURE = 0.95


class Kind(Struct, frozen=True):
    """A kind of paper. `is_one` takes a page's text without white space; of `starts`, patterns of what stands once on a
    paper, the one that is found most often on the page counts.

    `read` finds the values, `check` holds them to each other and returns names with what came of it. Names that begin
    with `_` are witnesses only, and no fields. `must` says of the fields that have a check what they must be, and
    `free` names those without one; docs/providers.md is made of them.
    """

    name: str
    is_one: Callable[[str], bool]
    read: Callable[[Sequence[Row]], Iterable[Found]]
    check: Callable[[Mapping[str, Field]], Mapping[str, Check]]
    starts: tuple[str, ...]
    must: Mapping[str, str]
    free: tuple[str, ...]


def fields_on(kind: Kind, rows: Sequence[Row]) -> tuple[Field, ...]:
    """Return the fields of one paper, in the order of the known names; the first of a name counts."""
    values: Values = {}
    pairs, rows_of_items = [], []
    for match in kind.read(rows):
        if match.item:
            one = _field(match)
            rows_of_items += [msgspec.structs.replace(one, item=match.item)] if one else []
        elif match.name == field_values.PAIR:
            pairs += [one] if (one := _field(match)) else []
        elif match.name not in values and (one := _field(match)):
            values[match.name] = one
    came = kind.check(values)
    order = field_values.NAMES
    checked = (_with_check(values[name], came.get(name, "unchecked")) for name in order if name in values)
    return (*checked, *items.checked(items.in_order(rows_of_items), values), *pairs)


def exists(field: Field, holds: bool) -> Check:
    """Return what a check came to that holds for many values: it passes only what was read for sure."""
    if not holds:
        return "failed"
    return "passed" if field.confidence is not None and field.confidence >= SURE else "unchecked"


def proved(holds: bool) -> Check:
    """Return what a check came to that hardly any misreading passes."""
    return "passed" if holds else "failed"


def days(values: Mapping[str, Field], *names: str) -> dict[str, Check]:
    """Check that dates exist."""
    return {
        name: exists(values[name], checks.is_day(values[name].value))
        for name in names
        if name in values and re.match(r"\d", values[name].value)
    }


def tax_codes(values: Mapping[str, Field], *names: str) -> dict[str, Check]:
    """Check unified social credit codes; a taxpayer may have an identity number, or one of before, without a check."""
    came: dict[str, Check] = {}
    for name in names:
        if name in values and len(value := values[name].value) == 18:
            came[name] = proved(checks.is_credit_code(value) or checks.is_id_number(value))
    return came


def _field(match: Found) -> Field | None:
    spans = match.spans
    words = [word for span in spans for word in span.words]
    if not words:
        return None
    confidences = [word.confidence for word in words if word.confidence is not None]
    # Of several words the least sure one decides: a value is right as a whole.
    confidence = min(confidences) if confidences else None
    text = re.sub(rf"(?<={_SOLID})[ ]+(?={_SOLID})", "", match.text)
    if match.name in _CREDIT_CODES:
        text = checks.as_credit_code(re.sub(r"\s", "", text))
    return field_values.field(match.name, text, match.label or match.name, confidence, surrounding(spans))


def _with_check(field: Field, check: Check) -> Field:
    return Field(
        name=field.name, value=field.value, provider_name=field.provider_name, confidence=field.confidence,
        polygon=field.polygon, check=check,
    )  # fmt: skip
