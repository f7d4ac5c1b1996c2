"""Forms: questions that end in a colon or stand before an answer, and their answers."""

import re
from collections.abc import Iterator, Mapping, Sequence

from folio.models import Field
from folio.structure.fields.labels import Found
from folio.structure.fields.paper import Check, Kind
from folio.structure.fields.rows import Row


def _is_one(text: str) -> bool:
    return len(re.findall(r"[^\d\n]:", text)) >= 3 and len(text) < 4000


def _read(rows: Sequence[Row]) -> Iterator[Found]:
    for row in rows:
        parts = list(re.finditer(r"([^:\t]{2,60}?)\s?:\s*", row.text))
        for number, match in enumerate(parts):
            end = parts[number + 1].start() if number + 1 < len(parts) else len(row.text)
            answer = row.span(match.end(), end)
            if answer.text:
                yield Found("pair", row.span(*match.span(1)).raw, (answer,), row.span(*match.span(1)))


def _check(values: Mapping[str, Field]) -> dict[str, Check]:
    del values
    return {}


KIND = Kind("form", _is_one, _read, _check, starts="")
