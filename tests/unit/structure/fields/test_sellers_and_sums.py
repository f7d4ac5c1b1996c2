"""Invoices and receipts in English whose layout or figures are not a till slip's."""

import pytest

from folio.models import Line, Page
from folio.structure.fields.find import fields_of
from tests.unit.structure.fields.test_find import line, page, values


def invoice(*rows: tuple[tuple[float, str], ...]) -> Page:
    return page(*(line(text, x, 40 + 50 * at) for at, row in enumerate(rows) for x, text in row))


HEAD = ((50, "Ada Byrne Photography"), (700, "Invoice"))
BUYER = (
    ((50, "Bill To"), (400, "Invoice No."), (700, "Invoice Date")),
    ((50, "Castle Holdings Inc."), (400, "#64111"), (700, "2022-10-02")),
    ((50, "88 Elm Avenue"),),
)


def sums(net: str, tax: str, total: str) -> tuple[tuple[tuple[float, str], ...], ...]:
    return ((50, "Subtotal"), (700, net)), ((50, "VAT 20%"), (700, tax)), ((50, "Total due"), (700, total))


def test_who_sells_is_not_who_is_billed_nor_what_stands_beside() -> None:
    found = values(invoice(HEAD, *BUYER, *sums("100.00", "20.00", "120.00")))
    assert found["seller_name"] == ("Ada Byrne Photography", "unchecked")
    assert found["invoice_number"] == ("64111", "unchecked")
    assert found["total_amount"] == ("120.00", "passed")


@pytest.mark.parametrize("currency", [" €", ""])
def test_amounts_with_a_decimal_comma_get_a_point(currency: str) -> None:
    rows = sums(f"11.826,66{currency}", f"2.247,07{currency}", f"14.073,73{currency}")
    sold = ((50, "Travel expenses"), (400, "13"), (550, f"909,7431{currency}"), (700, f"11.826,66{currency}"))
    day = ((50, "Date 20.02.2019"),)
    found = values(invoice(HEAD, *BUYER, day, sold, *rows))
    assert found["amount_without_tax"] == ("11,826.66", "passed")
    assert found["tax_amount"] == ("2,247.07", "passed")
    assert found["total_amount"] == ("14,073.73", "passed")
    assert found["invoice_date"][0] in ("2019-02-20", "2022-10-02")


def test_suggested_tips_are_no_totals() -> None:
    texts = (
        "PETRO-STOP #1182", "Nov 08 2026 4:55 PM", "Oat Latte 10.00", "Subtotal 10.00", "Tax 0.80", "Total $10.80",
        "15% Tip = $1.50 Total $12.30", "20% Tip = $2.00 Total $12.80", "THANK YOU! RECEIPT",
    )  # fmt: skip
    found = values(page(*(line(text, 50, 50 + 40 * at) for at, text in enumerate(texts))))
    assert found["total_amount"] == ("10.80", "passed")
    assert found["seller_name"] == ("PETRO-STOP #1182", "unchecked")


def ticket(train: str, seat: str) -> tuple[Line, ...]:
    rows = (
        ((50, "A536639"), (700, "检票:候车室3")), ((50, "呼和浩特东站"), (400, train), (700, "宜昌东站")),
        ((50, "2022年04月26日 01:49开"), (700, seat)), ((50, "¥526.5元"), (700, "一等座")),
        ((50, "9992291951****5360 魏德"),), ((50, "买票请到12306 发货请到95306"),),
        ((50, "69059812791579A536639 呼和浩特东售"),),
    )  # fmt: skip
    return tuple(line(text, x, 50 + 60 * at) for at, row in enumerate(rows) for x, text in row)


def test_a_slow_train_has_a_number_without_a_letter_and_a_class_may_have_no_seat() -> None:
    kind, _ = fields_of(page(*ticket("1131", "11车无座")), "auto")
    assert kind == "train_ticket"
    found = values(page(*ticket("1131", "11车无座")))
    assert found["train_number"] == ("1131", "unchecked")
    assert (found["departure_station"][0], found["arrival_station"][0]) == ("呼和浩特东站", "宜昌东站")
    assert (found["seat"][0], found["seat_class"][0]) == ("11车无座", "一等座")
