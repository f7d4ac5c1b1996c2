"""Sums of receipts and invoices in English, which stand there under several names."""

import pytest

from folio.structure.fields.find import fields_of
from tests.unit.structure.fields.test_find import line, page, values

HEAD = "HILLSIDE STORES", "Date: 14/03/2018 10:12"


def read(*texts: str) -> dict[str, tuple[str, str]]:
    return values(page(*(line(text, 50, 50 + 40 * at) for at, text in enumerate((*HEAD, *texts)))))


def test_what_was_paid_less_the_change_decides_between_totals() -> None:
    sums = "NET TOTAL 48.51", "ROUNDING -0.01", "TOTAL DUE 48.50"
    assert read("Soap 48.51", *sums, "CASH 50.00", "CHANGE 1.50")["total_amount"] == ("48.50", "passed")
    assert read("Soap 48.51", *sums, "GST 2.75")["total_amount"][0] == "48.50"  # as it is below, and rounded


def test_a_total_that_is_not_off_by_rounding_is_another() -> None:
    sums = "NET TOTAL 48.51", "TOTAL DUE 40.00"
    assert read("Soap 48.51", *sums, "GST 2.75")["total_amount"][0] == "48.51"


def test_tax_and_net_are_those_that_make_the_total() -> None:
    texts = "Subtotal 53.60", "TOTAL 53.60", "TAXABLE AMOUNT 50.57", "6% GST 3.03"
    found = read("Cake 53.60", *texts)
    assert found["amount_without_tax"] == ("50.57", "passed")
    assert found["tax_amount"] == ("3.03", "passed")


@pytest.mark.parametrize("row", ["GST Included 34.00", "GST 10% inclusive: 34.00"])
def test_a_tax_that_is_part_of_the_total_is_told(row: str) -> None:
    found = read("Labour 374.00", row, "Total (inc GST) 374.00")
    assert found["tax_amount"] == ("34.00", "unchecked")
    assert found["total_amount"][0] == "374.00"


def test_blanks_around_a_point_are_no_part_of_an_amount() -> None:
    assert read("Cake 53. 60", "TOTAL RM53. 60", "CASH 100. 00", "CHANGE 46. 40")["total_amount"] == ("53.60", "passed")


@pytest.mark.parametrize(
    "texts",
    [
        ("Card type: VISA", "Amount 48.20", "Tip 9.64", "Total 57.84"),
        ("SUB-TOTAL 57.84", "TOTAL TO PAY 57.84", "VAT NO 1"),
        ("Parking fee 57.84", "GST inclusive 3.27", "Paid: RM 57.84"),
    ],
)
def test_a_day_and_a_total_with_one_word_more_are_a_receipt(texts: tuple[str, ...]) -> None:
    lines = (line(text, 50, 50 + 40 * at) for at, text in enumerate((*HEAD, *texts)))
    kind, fields = fields_of(page(*lines), "auto")
    assert kind == "receipt"
    assert ("total_amount", "57.84") in [(one.name, one.value) for one in fields]
    assert "Tip" not in [one.value for one in fields]


def test_taxes_below_the_items_are_none() -> None:
    texts = "3 PCS X 9.00 27.00", "TOTAL 27.00", "GST Summary Amount Tax", "SR 6% 25.47 1.53"
    lines = (line(text, 50, 50 + 40 * at) for at, text in enumerate((*HEAD, *texts)))
    assert not [one for one in fields_of(page(*lines), "auto")[1] if one.item]


def test_a_day_that_touches_its_label_is_told_before_the_one_that_it_is_due() -> None:
    lines = (line(text, 50, 50 + 40 * at) for at, text in enumerate(("INVOICE No. 1234", "Invoice Date25 Nov 2019",
             "Due Date 25 Oct 2026", "VAT 2.00", "Total 12.00")))  # fmt: skip
    assert values(page(*lines))["invoice_date"][0] == "2019-11-25"
