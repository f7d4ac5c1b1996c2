"""What was sold: rows of names, quantities, prices and amounts, held to each other and to the paper's sums."""

import msgspec
import pytest

from folio.models import Cell, Field, Page, PageImage, Table
from folio.structure.fields.find import fields_of
from folio.structure.page import structured
from folio.text.field_values import ITEM
from tests.unit.structure.fields.test_find import line, page

HEAD = ((50, "货物或应税劳务、服务名称"), (330, "规格型号"), (430, "单位"), (500, "数量"), (570, "单价"), (680, "金额"),
        (780, "税率"), (860, "税额"))  # fmt: skip
TITLE = line("云岭增值税普通发票 发票代码 发票号码 开票日期", 50, 20)


def invoice(*rows: tuple[tuple[float, str], ...], total: str = "120.00", tax: str = "3.60") -> Page:
    lines = [line(text, x, 300) for x, text in HEAD]
    lines += [line(text, x, 340 + 40 * number) for number, row in enumerate(rows) for x, text in row]
    end = 340 + 40 * len(rows) + 60
    lines += [line("合 计", 80, end), line(f"¥{total}", 670, end), line(f"¥{tax}", 860, end)]
    return page(TITLE, *lines, line("价税合计(大写) 壹佰圆整 (小写) ¥123.60", 80, end + 40))


def row(
    amount: str = "120.00", tax: str = "3.60", quantity: str = "3", price: str = "40.00"
) -> tuple[tuple[float, str], ...]:
    return ((55, "*文具*复印纸"), (335, "A4"), (435, "箱"), (505, quantity), (570, price), (670, amount), (785, "3%"),
            (865, tax))  # fmt: skip


def items(page: Page, mode: str = "invoice") -> list[dict[str, tuple[str, str]]]:
    rows: dict[int, dict[str, tuple[str, str]]] = {}
    for field in fields_of(page, mode)[1]:  # type: ignore[arg-type]
        if field.item:
            rows.setdefault(field.item, {})[field.name] = field.value, field.check
    return [rows[number] for number in sorted(rows)]


def test_a_row_of_an_invoice_has_the_names_that_paid_providers_rows_have() -> None:
    (item,) = items(invoice(row()))
    assert [name.removeprefix("item_") for name in item] == list(ITEM)
    assert [value for value, _ in item.values()] == ["*文具*复印纸", "A4", "箱", "3", "40.00", "120.00", "3%", "3.60"]
    assert [check for _, check in item.values()] == ["unchecked"] * 3 + ["passed"] * 5


def test_a_name_of_two_lines_is_one_and_a_row_without_quantity_is_one_too() -> None:
    discount = ((55, "*文具*复印纸"), (665, "-20.00"), (785, "3%"), (860, "-0.60"))
    found = items(invoice(row(amount="140.00", tax="4.20"), ((55, "特级"),), discount))
    assert [item["item_name"][0] for item in found] == ["*文具*复印纸特级", "*文具*复印纸"]
    assert found[1].keys() == {"item_name", "item_amount", "item_tax_rate", "item_tax"}
    assert found[0]["item_quantity"] == ("3", "unchecked")  # three times 40 is not 140, though the sum is right
    assert found[0]["item_amount"] == ("140.00", "passed")


@pytest.mark.parametrize(("printed", "tax"), [("3.60扣", "3.60"), ("3.6$", None), ("3.6Φ联", None)])
def test_what_runs_down_the_edge_may_touch_the_tax_or_be_printed_over_it(printed: str, tax: str | None) -> None:
    (item,) = items(invoice(row(tax=printed)))
    assert item["item_amount"] == ("120.00", "passed")
    assert item.get("item_tax", (None, ""))[0] == tax


def test_figures_without_a_name_are_no_row_of_their_own() -> None:
    torn = ((55, "*文具*复印纸"), (505, "3"), (570, "40.00"), (670, "120.00")), ((785, "3%"), (865, "3.60"))
    (item,) = items(invoice(*torn))
    assert item["item_amount"] == ("120.00", "passed")


def test_a_misread_amount_is_never_passed() -> None:
    (item,) = items(invoice(row(amount="128.00")))
    assert {name for name, (_, check) in item.items() if check != "unchecked"} == {"item_tax"}
    assert item["item_tax"] == ("3.60", "passed")  # which is the tax of the sum


@pytest.mark.parametrize("sold", [("Tea 2 x 1.80 3.60",), ("Tea", "2 x 1.80 3.60"), ("2 Tea 1.80 3.60",)])
def test_a_receipts_rows_say_how_many_wherever_that_stands(sold: tuple[str, ...]) -> None:
    texts = (
        "HILLSIDE BAKERY",
        "DATE 03/04/2018",
        *sold,
        "Bread SR 10.00 S",
        "TOTAL 13.60",
        "CASH 20.00",
        "CHANGE 6.40",
    )
    found = items(page(*(line(text, 50, 50 + 30 * at) for at, text in enumerate(texts))), "receipt")
    assert found == [
        {"item_name": ("Tea", "unchecked"), "item_quantity": ("2", "passed"), "item_unit_price": ("1.80", "passed"),
         "item_amount": ("3.60", "passed")},
        {"item_name": ("Bread SR", "unchecked"), "item_amount": ("10.00", "passed")},
    ]  # fmt: skip


def test_amounts_that_make_no_sum_are_unchecked() -> None:
    texts = ("HILLSIDE BAKERY", "DATE 03/04/2018", "Tea 3.80", "Bread 10.00", "TOTAL 13.60", "CASH 20.00")
    found = items(page(*(line(text, 50, 50 + 30 * at) for at, text in enumerate(texts))), "receipt")
    assert [item["item_amount"] for item in found] == [("3.80", "unchecked"), ("10.00", "unchecked")]


def test_the_rows_of_a_paid_provider_are_fields_with_the_same_names_and_checks() -> None:
    texts = (ITEM, ("Tea", "", "box", "2", "1.80", "3.60", "", ""))
    cells = [
        Cell(text=text, row=row, column=column)
        for row, line in enumerate(texts)
        for column, text in enumerate(line)
        if text
    ]
    total = Field(name="total_amount", value="3.60", provider_name="TotalAmount")

    def draw() -> PageImage:
        raise AssertionError("the page is not drawn")

    whole = msgspec.structs.replace(page(line("3.60", 50, 50)), tables=(Table(cells=tuple(cells)),))
    _, fields = structured(whole, (total,), draw, "invoice")
    assert [(field.name, field.value, field.check, field.item) for field in fields[1:]] == [
        ("item_name", "Tea", "unchecked", 1), ("item_unit", "box", "unchecked", 1), ("item_quantity", "2", "passed", 1),
        ("item_unit_price", "1.80", "passed", 1), ("item_amount", "3.60", "passed", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("stars", ["***", "大女女"])
def test_a_discount_of_what_bears_no_tax_is_a_row_of_its_own(stars: str) -> None:
    """Asterisks for no tax are read as characters in some typefaces; the row counts all the same."""
    sold = ((55, "*文具*复印纸"), (505, "3"), (570, "40.00"), (670, "120.00"), (785, "免税"), (865, stars))
    discount = ((55, "*文具*复印纸"), (665, "-12.00"), (785, "免税"), (865, stars))
    found = items(invoice(sold, discount, sold, total="228.00"))
    assert [item["item_amount"][0] for item in found] == ["120.00", "-12.00", "120.00"]
    assert [item["item_tax_rate"][0] for item in found] == ["免税"] * 3


def test_a_line_below_an_item_that_says_rounds_does_not_end_the_items() -> None:
    texts = (
        "HILLSIDE BAKERY LTD",
        "INVOICE",
        "Cakes 2 x 1.80 3.60",
        "with two rounds of icing",
        "Tea 2.00",
        "TOTAL 5.60",
    )
    rows = [line(text, 50, 50 + 60 * at) for at, text in enumerate(texts)]
    assert [item["item_name"][0] for item in items(page(*rows), "receipt")] == ["Cakes", "Tea"]


def test_columns_whose_names_are_set_wide_have_their_items() -> None:
    found = invoice(row())
    wide = [line(text.replace("劳务、", "劳 务 、"), x, 300) for x, text in HEAD]
    (item,) = items(page(*[one for one in found.lines if one.text not in dict(HEAD).values()], *wide))
    assert item["item_name"] == ("*文具*复印纸", "unchecked")


@pytest.mark.parametrize("stars", ["***", "女女女", "中本中", "★女女", "宗南海"])
def test_what_stands_where_there_is_no_tax_is_asterisks(stars: str) -> None:
    texts = {"¥3.60": stars, "壹佰圆整 (小写) ¥123.60": "壹佰贰拾圆整 (小写) ¥120.00"}
    free = [(x, {"3%": "免税", "3.60": stars}.get(text, text)) for x, text in row()]
    lines = [line(texts.get(one.text, one.text), *one.polygon[0]) for one in invoice(tuple(free)).lines]
    found = page(*lines)
    assert items(found)[0]["item_tax"] == ("***", "unchecked")
    assert {one.name: one.value for one in fields_of(found, "invoice")[1]}["tax_amount"] == "***"


def test_a_rate_whose_percent_sign_is_read_as_a_digit_is_told_where_amount_and_tax_prove_it() -> None:
    torn = [(x, "38" if text == "3%" else text) for x, text in row()]
    (item,) = items(invoice(tuple(torn)))
    assert (item["item_tax_rate"], item["item_tax"], item["item_amount"]) == (
        ("3%", "passed"), ("3.60", "passed"), ("120.00", "passed"),
    )  # fmt: skip
    (item,) = items(invoice(tuple((x, "3.90" if text == "3.60" else text) for x, text in torn), tax="3.90"))
    assert "item_tax_rate" not in item


def test_the_last_decimals_of_a_price_are_not_proved_by_an_amount_that_they_do_not_change() -> None:
    (item,) = items(invoice(row(price="40.00000001")))
    assert item["item_unit_price"] == ("40.00000001", "unchecked")
    assert item["item_quantity"] == ("3", "passed")


def test_digits_that_run_down_the_left_edge_are_no_part_of_a_name() -> None:
    lines = invoice(row(), row(), total="240.00", tax="7.20").lines
    found = items(page(*lines, line("3", -60, 340), line("9", -60, 380), line("纳税人识别号：", 40, 200)))
    assert [item["item_name"][0] for item in found] == ["*文具*复印纸"] * 2


@pytest.mark.parametrize("read", ["文具*复印纸", "“文具”复印纸", "·文具*复印纸"])
def test_the_kind_of_goods_stands_between_asterisks_however_these_are_read(read: str) -> None:
    (item,) = items(invoice(tuple((x, read if text == "*文具*复印纸" else text) for x, text in row())))
    assert item["item_name"] == ("*文具*复印纸", "unchecked")


def test_nothing_passes_where_a_row_may_be_missing() -> None:
    """The amounts make no sum: a row that is not read would give its number to the next."""
    (item,) = items(invoice(row(), total="220.00", tax="6.60"))
    assert {check for _, check in item.values()} == {"unchecked"}


def test_items_are_told_where_the_name_of_the_first_column_was_not_read() -> None:
    lines = [one for one in invoice(row()).lines if not one.text.startswith("货物")]
    (item,) = items(page(*lines))
    assert item["item_name"][0] == "*文具*复印纸"
    assert item["item_amount"] == ("120.00", "passed")


def test_units_are_told_below_the_first_sign_of_their_columns_name() -> None:
    lines = [one for one in invoice(row()).lines if one.text != "单位"]
    (item,) = items(page(*lines, line("单", 450, 300, 10)))
    assert item["item_unit"] == ("箱", "unchecked")
    assert item["item_specification"] == ("A4", "unchecked")
