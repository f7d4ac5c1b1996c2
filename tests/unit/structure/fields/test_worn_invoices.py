"""Invoices whose print lies on the form's rules, and seals over their values."""

import pytest

from folio.models import Page
from tests.unit.structure.fields.test_find import line, page, values
from tests.unit.structure.fields.test_invoices import form
from tests.unit.structure.fields.test_items import invoice, items, row
from tests.unit.structure.fields.test_vehicles_and_bills import NUMBERED


def instead(old: str, new: str) -> Page:
    """Return an invoice with another text in place of one."""
    return page(*(line(one.text.replace(old, new), one.polygon[0][0], one.polygon[0][1]) for one in form()))


@pytest.mark.parametrize("rate", ["$%", "3车"])
def test_a_rate_with_a_rule_through_it_is_the_one_that_amount_and_tax_prove(rate: str) -> None:
    torn = tuple((x, rate if text == "3%" else text) for x, text in row())
    (item,) = items(invoice(torn))
    assert item["item_tax_rate"] == ("3%", "passed")
    assert (item["item_unit_price"], item["item_amount"], item["item_tax"]) == (
        ("40.00", "passed"), ("120.00", "passed"), ("3.60", "passed"),
    )  # fmt: skip


def test_a_rate_that_nothing_proves_is_not_told_and_takes_no_amount_away() -> None:
    torn = tuple((x, "$%" if text == "3%" else text) for x, text in row(tax="9.99"))
    (item,) = items(invoice(torn))
    assert "item_tax_rate" not in item
    assert (item["item_amount"][0], item["item_tax"][0]) == ("120.00", "9.99")


def test_an_amount_with_a_rule_through_it_is_what_the_others_prove_and_takes_none_of_them_away() -> None:
    (item,) = items(invoice(row(amount="12$.00")))
    assert item["item_amount"] == ("120.00", "passed")
    assert (item["item_tax_rate"], item["item_tax"]) == (("3%", "passed"), ("3.60", "passed"))
    (item,) = items(invoice(row(amount="12$.00", quantity="4")))
    assert item["item_amount"] == ("12$.00", "unchecked")
    assert (item["item_quantity"][0], item["item_unit_price"][0], item["item_tax"][0]) == ("4", "40.00", "3.60")


def test_a_price_is_told_beside_a_quantity_with_a_rule_through_it() -> None:
    (item,) = items(invoice(row(quantity="B")))
    assert item["item_unit_price"] == ("40.00", "unchecked")


def test_a_sign_of_the_edge_behind_the_tax_is_no_part_of_the_row() -> None:
    (item,) = items(invoice((*row(), (980, "5"))))
    assert item["item_tax"] == ("3.60", "passed")


@pytest.mark.parametrize("name", ["青禾食品有限公司91990000MA0000000X", "青禾食品有限公司发票专用章"])
def test_what_a_seal_says_behind_a_name_is_no_part_of_it(name: str) -> None:
    assert values(instead("青禾食品有限公司", name))["seller_name"][0] == "青禾食品有限公司"


def test_the_number_on_a_seal_may_touch_the_one_that_is_printed() -> None:
    found = values(instead("91990000N034567890", f"{NUMBERED}1990000MA0000000X"))
    assert found["buyer_tax_id"] == (NUMBERED, "passed")


def test_a_seal_is_not_who_signs() -> None:
    signed = line("收款人：林德发票专用章", 60, 620), line("开票人：发票专用章", 500, 620)
    found = values(page(*form(), *signed))
    assert found["payee"][0] == "林德"
    assert "drawer" not in found


def test_a_total_that_is_printed_above_its_label_is_none_of_the_two_sums() -> None:
    lines = [
        line(one.text, one.polygon[0][0], one.polygon[0][1] - 19 * ("¥" in one.text)) for one in form()
    ]  # the others stand where the form has them: by so few it is not told that print is off
    found = values(page(*lines))
    assert found["amount_without_tax"] == ("100.00", "passed")
    assert found["tax_amount"] == ("13.00", "passed")


def test_a_point_that_a_rule_hides_is_told_behind_a_yuan_sign() -> None:
    lines = [
        line(one.text.replace("¥100.00", "¥100 00"), one.polygon[0][0], one.polygon[0][1] - 19 * ("¥1" in one.text))
        for one in form()
    ]
    assert values(page(*lines))["amount_without_tax"] == ("100.00", "passed")


def test_characters_of_amounts_are_told_where_the_total_has_no_label() -> None:
    lines = [
        line(one.text.replace("壹佰壹拾叁圆整", "壹伯壹拾叁圆整"), one.polygon[0][0], one.polygon[0][1])
        for one in form() if "小写" not in one.text
    ]  # fmt: skip
    found = values(page(*lines))
    assert found["total_in_words"] == ("壹佰壹拾叁圆整", "passed")
    assert found["total_amount"] == ("113.00", "passed")
