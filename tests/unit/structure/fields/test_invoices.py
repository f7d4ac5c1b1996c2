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


@pytest.mark.parametrize("sign", ["销", "售"])
def test_a_name_beside_a_sign_of_the_side_text_of_its_party_is_that_partys(sign: str) -> None:
    lines = (
        line("电子发票（普通发票）", 300, 20), line("发票号码：24990000000000000017", 550, 60),
        line("开票日期：2024年05月06日", 550, 100), line(sign, 10, 200), line("名称：云岭文具有限公司", 50, 200),
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


def without(*texts: str) -> tuple[Line, ...]:
    return tuple(one for one in form() if one.text not in texts)


def test_the_total_stands_beside_its_words_where_its_label_was_not_read() -> None:
    assert values(page(*without("（小写）")))["total_amount"] == ("113.00", "passed")


@pytest.mark.parametrize("printed", ["4113.00", "Y113.00"])
def test_a_yuans_sign_read_as_another_is_no_part_of_the_total_that_the_words_say(printed: str) -> None:
    lines = [
        msgspec.structs.replace(one, text=printed, words=(one.words[-1],)) for one in form() if one.text == "¥113.00"
    ]
    (total,) = lines
    word = msgspec.structs.replace(total.words[0], text=printed, polygon=total.polygon)
    total = msgspec.structs.replace(total, words=(word,))
    assert values(page(*without("¥113.00"), total))["total_amount"] == ("113.00", "passed")


def test_buyer_and_seller_are_told_by_their_looks_where_no_label_was_read() -> None:
    heads = (line("金额", 500, 300), line("税额", 800, 300), line("收款人：", 60, 600))
    found = values(page(*without("名 称：", "纳税人识别号：", "地 址、电 话："), *heads))
    assert found["buyer_name"][0] == "云岭文具有限公司"
    assert found["buyer_tax_id"] == ("91990000N034567890", "failed")
    assert found["buyer_address_phone"][0] == "青禾市解放路12号 0951-1234567"
    assert found["seller_name"][0] == "青禾食品有限公司"
    assert found["seller_tax_id"] == ("919900009876543210", "failed")


def test_who_signs_ends_before_the_sellers_stamp() -> None:
    signs = line("开票人： 销售方：（章）", 60, 640)
    assert "drawer" not in values(page(*form(), signs))
    assert values(page(*form(), line("收款人：林明；", 60, 640)))["payee"][0] == "林明"


def changed(text: str, other: str) -> tuple[Line, ...]:
    """The form with one line that is read otherwise."""
    return tuple(line(other, *one.polygon[0]) if one.text == text else one for one in form())


@pytest.mark.parametrize("read", ["壹佰壹拾参圆整", "查伯壹拾叁圆整"])
def test_signs_that_look_like_those_of_amounts_are_these_where_the_figures_say_so(read: str) -> None:
    found = values(page(*changed("壹佰壹拾叁圆整", read)))
    assert found["total_in_words"] == ("壹佰壹拾叁圆整", "passed")


def test_other_words_than_the_figures_say_stay_as_they_are_read() -> None:
    assert values(page(*changed("壹佰壹拾叁圆整", "壹佰壹拾式圆整")))["total_in_words"] == ("壹佰壹拾式圆整", "failed")


def test_a_telephones_number_that_ends_on_a_line_of_its_own_is_whole() -> None:
    lines = changed("青禾市解放路12号 0951-1234567", "青禾市解放路12号 0951-123")
    found = values(page(*lines, line("4567", 240, 228)))
    assert found["buyer_address_phone"][0] == "青禾市解放路12号 0951-1234567"


def test_remarks_are_what_stands_beside_their_label_but_for_a_seal() -> None:
    lines = (line("备", 500, 530), line("注", 500, 580), line("订单号：8839", 560, 510), line("发票专用章", 700, 560),
             line("合同编号：HT-1", 560, 545), line("收款人：林明", 60, 640),
             line("开票人：林明", 500, 640))  # fmt: skip
    found = values(page(*form(), *lines))
    assert found["remarks"][0].replace(" ", "") == "订单号：8839合同编号：HT-1"
    assert "remarks" not in values(page(*form(), *lines[:2], *lines[-2:]))


@pytest.mark.parametrize(("read", "value", "check"), [
    ("91990000N03456789O", "91990000N03456789O", "failed"), ("91992536K2OR87YER0", "91992536K20R87YER0", "passed"),
])  # fmt: skip
def test_letters_that_no_code_has_are_digits_if_the_check_character_holds(read: str, value: str, check: str) -> None:
    assert values(page(*changed("91990000N034567890", read)))["buyer_tax_id"] == (value, check)


def test_a_tax_number_of_the_right_half_is_the_sellers_where_its_own_label_was_torn() -> None:
    """Buyers who are persons have none: the label on the left has nothing beside it but that."""
    lines = (
        line("电子发票（普通发票）", 300, 20), line("发票号码：24990000000000000017", 650, 60),
        line("名称：个人", 50, 200),
        line("名称：云岭文具有限公司", 600, 200), line("统一社会信用代码/纳税人识别号：", 50, 240),
        line("91992536K20R87YER0", 820, 240), line("价税合计（大写） 壹佰圆整", 50, 450),
        line("（小写）¥100.00", 900, 450),
    )  # fmt: skip
    found = values(page(*lines))
    assert found["seller_tax_id"] == ("91992536K20R87YER0", "passed")
    assert "buyer_tax_id" not in found


def test_a_slip_whose_labels_were_not_read_is_an_invoice_by_its_title_and_numbers() -> None:
    texts = ("青禾省高速公路车辆通行费发票", "发票联", "199000000012", "12345678", "入口：云岭南 出口：青禾",
             "日期：2024-05-06 时间：06:37:08", "金额：12.00元 支付方式：现金")  # fmt: skip
    kind, fields = fields_of(page(*(line(text, 40, 30 + 60 * at) for at, text in enumerate(texts))), "auto")
    found = {one.name: one.value for one in fields}
    assert kind == "invoice"
    assert (found["invoice_code"], found["invoice_number"]) == ("199000000012", "12345678")
    assert (found["invoice_date"], found["total_amount"]) == ("2024-05-06", "12.00")


def test_a_total_that_is_taken_back_is_the_same_in_words_and_figures() -> None:
    texts = {
        "壹佰壹拾叁圆整": "（负数）壹佰壹拾叁圆整",
        "¥113.00": "¥-113.00",
        "¥100.00": "¥-100.00",
        "¥13.00": "¥-13.00",
    }
    found = values(page(*(line(texts.get(one.text, one.text), *one.polygon[0]) for one in form())))
    assert found["total_in_words"] == ("（负数）壹佰壹拾叁圆整", "passed")
    assert found["total_amount"] == ("-113.00", "passed")
    assert found["tax_amount"] == ("-13.00", "passed")
