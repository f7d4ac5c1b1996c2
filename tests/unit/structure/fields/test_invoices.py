"""Invoices as they are: print beside its place, rolls and slips, bent pages, names down the side."""

import math

import msgspec
import pytest

from folio.models import Line, Page, Word
from folio.structure.fields.find import fields_of
from folio.transform import box
from tests.unit.structure.fields.test_find import line, page, values


def form(shift: float = 0.0) -> tuple[Line, ...]:
    """A form whose labels stand where they are, and what is printed beside them `shift` lower."""
    labels = (
        ("增值税专用发票", 380, 20), ("开票日期：", 650, 80), ("名 称：", 60, 140), ("纳税人识别号：", 60, 174),
        ("地 址、电 话：", 60, 208), ("合 计", 60, 400), ("价税合计（大写）", 60, 450), ("（小写）", 640, 450),
        ("名 称：", 60, 520), ("纳税人识别号：", 60, 554),
    )  # fmt: skip
    printed = (
        ("2024年05月06日", 760, 80), ("云岭文具有限公司", 240, 140), ("91990000N034567890", 240, 174),
        ("青禾市解放路12号 0951-1234567", 240, 208), ("¥100.00", 500, 400), ("¥13.00", 800, 400),
        ("壹佰壹拾叁圆整", 260, 450), ("¥113.00", 740, 450), ("青禾食品有限公司", 240, 520),
        ("919900009876543210", 240, 554),
    )  # fmt: skip
    return (
        *(line(text, x, y) for text, x, y in labels),
        *(line(text, x, y + shift) for text, x, y in printed),
    )


@pytest.mark.parametrize("shift", [-15, -9, 6, 12, 16])
def test_print_beside_its_place_goes_to_its_own_labels(shift: float) -> None:
    assert values(page(*form(shift))) == values(page(*form()))
    assert values(page(*form()))["seller_tax_id"] == ("919900009876543210", "failed")


def test_a_tax_number_with_the_letters_of_a_label_is_whole() -> None:
    assert values(page(*form()))["buyer_tax_id"] == ("91990000N034567890", "failed")


def test_a_roll_says_itself_whose_a_name_is() -> None:
    lines = [
        "云岭增值税普通发票", "发票代码：199000000012", "发票号码：12345678", "机打号码：12345678",
        "销售方名称：青禾食品有限公司", "纳税人识别号：919900009876543210", "开票日期：2024-05-06",
        "购买方名称：云岭文具有限公司", "纳税人识别号：91990000N034567890", "合计金额(小写)：￥113.00",
        "合计金额(大写)：壹佰壹拾叁圆整",
    ]  # fmt: skip
    found = values(page(*(line(text, 40, 30 + 40 * at) for at, text in enumerate(lines))))
    assert found["seller_name"][0] == "青禾食品有限公司"
    assert found["seller_tax_id"][0] == "919900009876543210"
    assert found["buyer_name"][0] == "云岭文具有限公司"
    assert found["buyer_tax_id"][0] == "91990000N034567890"
    assert found["invoice_number"] == ("12345678", "passed")  # printed twice
    assert found["total_amount"] == ("113.00", "passed")


def test_a_name_beside_the_side_text_of_its_party_is_that_partys() -> None:
    lines = (
        line("电子发票（普通发票）", 300, 20), line("发票号码：24990000000000000017", 550, 60),
        line("开票日期：2024年05月06日", 550, 100), line("销", 10, 200), line("名称：云岭文具有限公司", 50, 200),
        line("价税合计（大写） 壹佰圆整", 50, 450), line("（小写）¥100.00", 600, 450),
    )  # fmt: skip
    found = values(page(*lines))
    assert found["seller_name"] == ("云岭文具有限公司", "unchecked")
    assert "buyer_name" not in found


@pytest.mark.parametrize(("amount", "value"), [("56.50元", "56.50"), ("￥56.50", "56.50"), ("56元", "56")])
@pytest.mark.parametrize("day", ["2024-05-06", "20240506", "2024年05月06日", "2024年 0 5 月 0 6 日"])
def test_a_taxis_slip_is_an_invoice(amount: str, value: str, day: str) -> None:
    texts = ("云岭市出租汽车专用发票", "发票联", "发票代码 199000000012", "发票号码 12345678", "电话 0951-12345678",
             f"日期 {day}", "上车 12:30", "单价 2.30元/km", "里程 12.5km", f"金额 {amount}", "余额")  # fmt: skip
    kind, fields = fields_of(page(*(line(text, 40, 30 + 40 * at) for at, text in enumerate(texts))), "auto")
    assert kind == "invoice"
    assert {field.name: (field.value, field.check) for field in fields} == {
        "invoice_type": ("云岭市出租汽车专用发票", "unchecked"),
        "invoice_code": ("199000000012", "unchecked"),
        "invoice_number": ("12345678", "unchecked"),
        "invoice_date": ("2024-05-06", "passed"),
        "total_amount": (value, "unchecked"),
    }


def column(text: str, x: float, *tops: float) -> Line:
    """What an engine reads as one line where it stands below each other: characters at their places."""
    words = tuple(Word(sign, 0.99, box(x, top, x + 20, top + 20)) for sign, top in zip(text, tops, strict=True))
    (left, top), (right, _), _, _ = words[0].polygon
    bottom = words[-1].polygon[2][1]
    return Line(text, 0.99, ((right, top), (right, bottom), (left, bottom), (left, top)), words)


def test_characters_of_labels_read_down_the_page_are_parts_of_their_own_rows() -> None:
    """So read where a form lies on its side: 名 of both parties is one line."""
    plain = [one for one in form() if one.text != "名 称："]
    labels = column("名名", 60, 140, 520), line("称：", 120, 140), line("称：", 120, 520)
    assert values(page(*plain, *labels)) == values(page(*form()))
    assert values(page(*plain, *labels[1:])) == values(page(*form()))  # and where 名 is not read at all


@pytest.mark.parametrize(("right", "down"), [(500, 0), (500, 60), (0, 480)])
def test_slips_that_are_glued_on_a_sheet_are_papers_of_their_own(right: float, down: float) -> None:
    def slip(number: str, amount: str, x: float, y: float) -> list[Line]:
        texts = (
            "云岭市出租汽车专用发票",
            "发票代码 199000000012",
            f"发票号码 {number}",
            "日期 2024-05-06",
            f"金额 {amount}元",
        )
        return [line(text, x + 40, y + 30 + 40 * at) for at, text in enumerate(texts)]

    sheet = page(*slip("12345678", "56.50", 0, 0), *slip("87654321", "9.00", right, down))
    _, fields = fields_of(sheet, "auto")
    numbers = {field.paper: field.value for field in fields if field.name == "invoice_number"}
    amounts = {field.paper: field.value for field in fields if field.name == "total_amount"}
    assert (numbers, amounts) == ({1: "12345678", 2: "87654321"}, {1: "56.50", 2: "9.00"})


def bent(sheet: Page, rise: float) -> Page:
    """The page as a curled sheet shows it: its middle is lower by `rise`."""

    def moved(one: Line) -> Line:
        words = []
        for word in one.words:
            corners = [(x, y + rise * math.sin(math.pi * x / sheet.width)) for x, y in word.polygon]
            words.append(msgspec.structs.replace(word, polygon=tuple(corners)))
        (left, top), _, _, (_, bottom) = words[0].polygon
        right, y = words[-1].polygon[1]
        return msgspec.structs.replace(
            one, words=tuple(words), polygon=((left, top), (right, y), (right, y + bottom - top), (left, bottom))
        )

    return msgspec.structs.replace(sheet, lines=tuple(map(moved, sheet.lines)))


def test_a_curled_page_has_the_same_rows() -> None:
    items = [
        line(text, x, 260 + 34 * row)
        for row in range(4)
        for text, x in (("*文具*复印纸与信封 A4", 60), (f"{row + 2}", 420), ("11.30", 560), ("3.00", 900))
    ]
    flat = page(*form(), *items)
    for rise in (-50, 50):
        assert values(bent(flat, rise)) == values(flat)
