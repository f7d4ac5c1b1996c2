"""Fields of drawn papers of all kinds, from their words where these stand."""

import shutil
from collections.abc import Sequence

import pytest

if not shutil.which("fc-match"):
    pytest.skip("fontconfig is not installed", allow_module_level=True)

from folio.models import Field
from folio.structure.fields.find import fields_of
from tests.benchmarks.papers.draw import KINDS, draw
from tests.benchmarks.papers.score import plain

NUMBERS = ("item_quantity", "item_unit_price", "item_amount", "item_tax_rate", "item_tax")


def items_of(fields: Sequence[Field]) -> list[dict[str, str]]:
    rows: dict[int, dict[str, str]] = {}
    for field in fields:
        if field.item:
            rows.setdefault(field.item, {})[field.name] = plain(field.value)
    return [rows[number] for number in sorted(rows)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_and_all_fields_of_a_paper_are_found(kind: str) -> None:
    for seed in range(6):
        paper = draw(kind, seed)
        name, fields = fields_of(paper.page, "auto")
        assert name == paper.kind
        found = {field.name: plain(field.value) for field in fields if field.item is None}
        assert {name: found.get(name) for name in paper.fields} == {
            name: plain(value) for name, value in paper.fields.items()
        }
        assert "failed" not in {field.check for field in fields}
        assert items_of(fields) == [{name: plain(value) for name, value in row.items()} for row in paper.items]
        numbers = [field for field in fields if field.name in NUMBERS]
        assert {field.check for field in numbers} <= {"passed"}, numbers
