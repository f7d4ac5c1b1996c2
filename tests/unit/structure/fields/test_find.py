"""Fields from words and where they stand."""

import math
from itertools import pairwise

import msgspec
import pytest

from folio.models import Field, Line, Mode, Page, Word
from folio.structure.fields.find import KINDS, fields_of
from folio.text.field_values import NAMES
from folio.transform import Polygon, bounds, box

NUMBER = "990101199003070015"  # of an unassigned region, its check digit right


def line(text: str, x: float, y: float, height: float = 20) -> Line:
    """A line whose characters are as wide as high, Latin ones half."""
    words, run, at, start = [], "", x, x
    for sign in text + " ":
        wide = not sign.isascii()
        if run and (sign == " " or wide or not run[-1].isascii()):
            words.append(Word(run, 0.99, box(start, y, at, y + height)))
            run = ""
        if sign != " ":
            start = start if run else at
            run += sign
        at += height if wide else height / 2
    return Line(text, 0.99, box(*bounds(*(word.polygon for word in words))), tuple(words))


def page(*lines: Line) -> Page:
    return Page(number=3, width=1000, height=1000, dpi=None, lines=lines)


def card(y: float = 0, number: str = NUMBER) -> tuple[Line, ...]:
    texts = ("姓 名 林德", "性 别 男 民 族 汉", "出 生 1990 年 3 月 7 日", "住 址 云岭省青禾市解放路")
    rows = [line(text, 50, y + 50 + 50 * at) for at, text in enumerate(texts)]
    return (*rows, line("12号", 110, y + 230), line("公民身份号码 " + number, 50, y + 320))


def values(page: Page, mode: Mode = "auto") -> dict[str, tuple[str, str]]:
    return {field.name: (field.value, field.check) for field in fields_of(page, mode)[1] if field.item is None}


def test_an_identity_card_is_found_and_held_to_its_number() -> None:
    kind, fields = fields_of(page(*card()), "auto")
    assert kind == "id_card"
    assert {field.name: (field.value, field.check) for field in fields} == {
        "name": ("林德", "unchecked"),
        "sex": ("男", "passed"),
        "ethnicity": ("汉", "passed"),
        "birth_date": ("1990-03-07", "passed"),
        "address": ("云岭省青禾市解放路12号", "unchecked"),
        "id_number": (NUMBER, "passed"),
    }
    assert {field.page for field in fields} == {3}


def test_a_misread_digit_fails_and_stays() -> None:
    misread = NUMBER[:9] + "1" + NUMBER[10:]
    assert values(page(*card(number=misread)))["id_number"] == (misread, "failed")


def test_a_field_that_its_number_contradicts_fails() -> None:
    lines = tuple(line("出 生 1990 年 3 月 8 日", 50, 150) if "出" in one.text else one for one in card())
    assert values(page(*lines))["birth_date"] == ("1990-03-08", "failed")


def test_nothing_is_looked_for_where_text_is_asked_for() -> None:
    assert fields_of(page(*card()), "general") == (None, ())


def test_two_cards_on_a_page_are_two_papers() -> None:
    fields = fields_of(page(*card(), *card(500)), "id_card")[1]
    assert [(field.paper, field.value) for field in fields if field.name == "id_number"] == [(1, NUMBER), (2, NUMBER)]
    assert sum(field.name == "name" for field in fields) == 2


@pytest.mark.parametrize("degrees", [0, 5, 90, 180, 270])
def test_a_page_may_lie_any_way(degrees: int) -> None:
    angle = math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)

    def turned(polygon: Polygon) -> Polygon:
        about = [(x - 500, y - 500) for x, y in polygon]
        p, q, r, s = ((500 + x * cosine - y * sine, 500 + x * sine + y * cosine) for x, y in about)
        return p, q, r, s

    lines = tuple(
        msgspec.structs.replace(
            one,
            polygon=turned(one.polygon),
            words=tuple(msgspec.structs.replace(word, polygon=turned(word.polygon)) for word in one.words),
        )
        for one in card()
    )
    fields = fields_of(page(*lines), "auto")[1]
    found = {field.name: field for field in fields}
    assert (found["id_number"].value, found["address"].value) == (NUMBER, "云岭省青禾市解放路12号")
    assert_around(found["id_number"], turned(line(NUMBER, 180, 320).polygon))


def assert_around(field: Field, polygon: Polygon) -> None:
    assert field.polygon is not None
    for one, other in zip(field.polygon, polygon, strict=True):
        assert math.dist(one, other) < 5, (field.polygon, polygon)


def test_a_name_on_a_bank_card_has_letters_where_zeros_were_read() -> None:
    lines = (line("云岭银行 借记卡", 40, 30), line("6200 0012 3456 7890", 40, 200), line("GU0 SONG", 40, 330))
    assert values(page(*lines))["holder_name"] == ("GUO SONG", "unchecked")


def test_a_bank_card_needs_luhns_digit() -> None:
    good = (line("云岭银行", 50, 50), line("6200 0002 2075 6177 410", 50, 150, 30), line("借记卡", 500, 50))
    assert values(page(*good)) == {
        "card_number": ("6200000220756177410", "passed"),
        "bank_name": ("云岭银行", "unchecked"),
        "card_type": ("debit", "unchecked"),
    }
    bad = (good[0], line("6200 0002 2075 6178 410", 50, 150, 30), good[2])
    assert values(page(*bad))["card_number"] == ("6200000220756178410", "failed")


def receipt(total: str, change: str = "6.40", day: str = "03/04/2018") -> Page:
    texts = (
        "HILLSIDE BAKERY SDN BHD", f"Date: {day} 10:12", "Bread 10.00", "Tea 3.60", f"TOTAL RM {total}", "CASH 20.00",
        f"CHANGE {change}",
    )  # fmt: skip
    return page(*(line(text, 50, 50 + 40 * at) for at, text in enumerate(texts)))


def test_a_receipts_total_is_what_was_paid_less_the_change() -> None:
    assert values(receipt("13.60")) == {
        "seller_name": ("HILLSIDE BAKERY SDN BHD", "unchecked"),
        "invoice_date": ("2018-04-03", "passed"),
        "total_amount": ("13.60", "passed"),
    }
    assert values(receipt("13.80"))["total_amount"] == ("13.80", "unchecked")


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("31.12.2019", "2019-12-31"),
        ("12 MAR 2018", "2018-03-12"),
        ("Mar 12, 2018", "2018-03-12"),
        ("2018-03-12", "2018-03-12"),
    ],
)
def test_days_in_the_ways_that_receipts_print_them(printed: str, value: str) -> None:
    assert values(receipt("13.60", day=printed))["invoice_date"] == (value, "passed")


def test_a_day_that_may_be_a_month_stays_as_printed_where_nothing_tells() -> None:
    plain = [one for one in receipt("13.60").lines if "SDN" not in one.text and "RM" not in one.text]
    plain += [line("OLIVE TREE", 50, 10), line("TOTAL 13.60", 50, 210)]
    assert values(page(*plain), "receipt")["invoice_date"] == ("03/04/2018", "unchecked")


VAT_INVOICE = (
    line("电子发票（普通发票）", 300, 20), line("发票号码：24990000000000000017", 550, 60),
    line("开票日期：2024年05月06日", 550, 100),
    line("名称：云岭文具有限公司", 50, 200), line("名称：青禾食品有限公司", 520, 206),
    line("合 计", 60, 400), line("¥100.00", 500, 400), line("¥13.00", 800, 400),
    line("价税合计（大写） 壹佰壹拾叁圆整", 50, 450), line("（小写）¥113.00", 600, 450),
)  # fmt: skip


def test_rows_of_two_columns_are_not_mixed_up() -> None:
    found = values(page(*VAT_INVOICE))
    assert found["buyer_name"] == ("云岭文具有限公司", "unchecked")
    assert found["seller_name"] == ("青禾食品有限公司", "unchecked")
    assert {name: found[name] for name in ("amount_without_tax", "tax_amount", "total_amount", "total_in_words")} == {
        "amount_without_tax": ("100.00", "passed"),
        "tax_amount": ("13.00", "passed"),
        "total_amount": ("113.00", "passed"),
        "total_in_words": ("壹佰壹拾叁圆整", "passed"),
    }


def test_sums_that_do_not_agree_fail_but_for_what_two_say() -> None:
    lines = (
        line("增值税普通发票", 300, 20), line("开票日期：2024年05月06日", 550, 100), line("纳税人识别号：", 50, 240),
        line("合 计", 60, 400), line("¥100.00", 500, 400), line("¥18.00", 800, 400),
        line("价税合计（大写） 壹佰壹拾叁圆整", 50, 450), line("（小写）¥113.00", 600, 450),
    )  # fmt: skip
    found = values(page(*lines))
    assert [found[name][1] for name in ("amount_without_tax", "tax_amount", "total_amount", "total_in_words")] == [
        "failed", "failed", "passed", "passed",
    ]  # fmt: skip


def test_plain_text_is_no_paper() -> None:
    texts = ("The total of it was 12.50 and", "nothing else is to be said of", "receipts, which were few.")
    lines = tuple(line(text, 50, 50 + 40 * at) for at, text in enumerate(texts))
    assert all(one.polygon[0][1] < other.polygon[0][1] for one, other in pairwise(lines))
    assert fields_of(page(*lines), "auto") == (None, ())


def test_every_field_says_in_the_documentation_whether_it_has_a_check() -> None:
    for kind in KINDS.values():
        assert not set(kind.must) & set(kind.free)
        assert {*kind.must, *kind.free} <= set(NAMES)
