"""Masking leaves nothing out: whatever text a page and its fields have, wherever a model has a place for it."""

from typing import Any

import msgspec
import pytest

from folio.config.options import Redact
from folio.models import Block, Cell, Code, Field, Line, Page, Redaction, Seal, Table, Word, encode
from folio.structure.redaction import KnownPrivate, redacted
from folio.transform import box

ID, CARD, PHONE = "110101195502128558", "5522333821107953", "13802996023"
ACCOUNT = "6222021234567891"  # fails its check
KINDS: tuple[Redact, ...] = ("id_number", "bank_card", "phone")
PLACE = box(0, 0, 90, 9)
# What Folio itself writes: names of engines, kinds and steps, sentences of errors, reasons.
_OWN: dict[type[Any], set[str]] = {
    Page: {"steps", "kind", "provider", "script", "text_layer_refusal", "status", "origin"},
    Code: {"kind"}, Block: {"kind"}, Redaction: {"kind"}, Field: {"check"},
}  # fmt: skip
_NESTED = {"lines", "words", "blocks", "tables", "cells", "seals", "codes", "redactions", "skipped_providers", "error"}


def said(text: str) -> Page:
    """A page that says a text in every place it has."""
    line = Line(text, 0.9, PLACE, (Word(text, 0.9, PLACE),))
    cell = Cell(text=text, row=0, column=0, polygon=PLACE)
    return Page(
        number=1, width=100, height=100, dpi=None, text=text, lines=(line,), warnings=(f"A warning about {text}.",),
        blocks=(Block(kind="paragraph", text=text, lines=(0,), polygon=PLACE),),
        tables=(Table(cells=(cell,), polygon=PLACE),),
        seals=(Seal(kind="seal", text=text, polygon=PLACE),),
        codes=(Code(kind="qr_code", value=f"https://example.org/?n={text}", polygon=PLACE),),
    )  # fmt: skip


def field(text: str) -> Field:
    return Field(name=f"No. {text}", value=text, provider_name=f"No. {text}")


@pytest.mark.parametrize("value", [ID, CARD, PHONE])
def test_no_place_of_a_page_keeps_it(value: str) -> None:
    page, fields = redacted(said(f"It is {value} here"), (field(f"the {value}"),), KINDS)
    assert value.encode() not in encode(page) + encode(fields)
    assert page.redactions


def test_every_text_of_the_models_is_one_that_is_masked_or_our_own() -> None:
    """A text that is new in a model fails here until somebody has thought of it."""
    masked: dict[type[Any], set[str]] = {
        Page: {"text", "warnings"}, Line: {"text"}, Word: {"text"}, Block: {"text"}, Cell: {"text"}, Seal: {"text"},
        Code: {"value"}, Field: {"name", "value", "provider_name"},
    }  # fmt: skip
    models: list[type[Any]] = [*masked, Table, Redaction]
    for model in models:
        texts = {one.name for one in msgspec.structs.fields(model) if "str" in str(one.type) or one.type is str}
        assert texts - _NESTED <= masked.get(model, set()) | _OWN.get(model, set()), model


def test_what_a_label_gives_away_is_known_to_other_pages_and_what_all_notice_is_not_kept() -> None:
    known = KnownPrivate()
    page, _ = redacted(said(f"Sum of {ACCOUNT}"), (), KINDS, known)
    assert ACCOUNT in page.text
    labeled, _ = redacted(said(f"Account: {ACCOUNT}, card {CARD}"), (), KINDS, known)
    assert ACCOUNT not in labeled.text
    again, _ = redacted(page, (), KINDS, known)
    assert ACCOUNT.encode() not in encode(again)
    assert known.join({}) == {ACCOUNT: "bank_card"}


def test_so_many_labels_are_remembered_and_no_more() -> None:
    known = KnownPrivate()
    for number in range(700):
        known.join({f"7777{number:08}": "bank_card"})
    assert len(known.join({})) == 500
