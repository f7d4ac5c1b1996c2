"""Cards and invoices say the same under the same names, whichever service read them."""

from typing import Any

import msgspec
import pytest

from folio.config.options import Options
from folio.models import Cell, PageText, Table
from folio.providers.cloud import aliyun_responses, baidu_responses, tencent_responses
from folio.providers.cloud.faults import CallFailed, ErrorKind
from folio.providers.cloud.fields import fields_text, item_table, table_text
from folio.text.field_values import BANK_CARD, CARD_TYPES, ID_CARD, INVOICE, ITEM, NAMES, field, validity
from folio.transform import box

PROVIDERS = ["baidu", "tencent", "aliyun"]
ANSWERS = {"baidu": baidu_responses, "tencent": tencent_responses, "aliyun": aliyun_responses}
# What there is on the cards, in the words of each service's documented answers.
FRONT = {
    "name": "奥巴马",
    "sex": "男",
    "ethnicity": "汉",
    "birth_date": "1990-01-02",
    "address": "北京市",
    "id_number": "110",
}
BACK = {"issuing_authority": "北京市公安局", "valid_from": "2010-07-21", "valid_until": "长期"}
FRONTS: dict[str, Any] = {
    "baidu": dict(zip(["姓名", "性别", "民族", "出生", "住址", "公民身份号码"],
                      ["奥巴马", "男", "汉", "19900102", "北京市", "110"], strict=True)),
    "tencent": {"Name": "奥巴马", "Sex": "男", "Nation": "汉", "Birth": "1990/1/2", "Address": "北京市",
                "IdNum": "110"},
    "aliyun": {"name": "奥巴马", "sex": "男", "ethnicity": "汉", "birthDate": "1990年1月2日", "address": "北京市",
               "idNumber": "110"},
}  # fmt: skip
BACKS: dict[str, Any] = {
    "baidu": {"签发机关": "北京市公安局", "签发日期": "20100721", "失效日期": "长期"},
    "tencent": {"Authority": "北京市公安局", "ValidDate": "2010.07.21-长期"},
    "aliyun": {"issueAuthority": "北京市公安局", "validPeriod": "2010.07.21-长期"},
}


def card(provider: str, values: dict[str, str], side: str) -> PageText:
    options = msgspec.convert({"mode": "id_card", "id_card_side": side}, Options)
    if provider == "baidu":
        answer: Any = {"words_result": {key: {"words": value} for key, value in values.items()}}
    elif provider == "tencent":
        answer = {"Response": values}
    else:
        answer = {"data": {"face" if side == "front" else "back": {"data": values}}}
    read: PageText = ANSWERS[provider].read(options, msgspec.json.encode(answer))
    return read


def values(read: PageText) -> dict[str, str]:
    return {one.name: one.value for one in read.fields}


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("side", "answers", "truth"), [("front", FRONTS, FRONT), ("back", BACKS, BACK)], ids=["front", "back"]
)
def test_an_id_card_says_the_same_whoever_reads_it(
    provider: str, side: str, answers: dict[str, Any], truth: dict[str, str]
) -> None:
    read = card(provider, answers[provider], side)
    assert values(read) == truth
    assert {one.provider_name for one in read.fields} <= set(answers[provider])
    assert read.text.splitlines() == [one.value for one in read.fields]


def test_the_sides_together_have_every_name_of_an_id_card() -> None:
    assert {*FRONT, *BACK} == set(ID_CARD)


def names(provider: str, kind: str) -> list[str]:
    mapped: dict[str, str] = getattr(ANSWERS[provider], kind)
    return list(mapped.values())


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(("kind", "known"), [("_ID_CARD", ID_CARD), ("_BANK_CARD", BANK_CARD), ("_INVOICE", INVOICE)])
def test_every_provider_maps_to_the_common_names_only(provider: str, kind: str, known: tuple[str, ...]) -> None:
    assert set(names(provider, kind)) <= set(known) <= set(NAMES)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_has_the_whole_invoice(provider: str) -> None:
    assert set(names(provider, "_INVOICE")) == set(INVOICE)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_has_the_bank_card_but_for_its_holder(provider: str) -> None:
    assert set(BANK_CARD) - set(names(provider, "_BANK_CARD")) <= {"holder_name"}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_items_have_as_many_columns_as_the_common_table(provider: str) -> None:
    assert len(ANSWERS[provider]._ITEM) == len(ITEM)


def test_the_names_are_all_different() -> None:
    assert len(set(NAMES)) == len(NAMES)


def value(name: str, written: str) -> str | None:
    found = field(name, written, "x")
    return found.value if found else None


@pytest.mark.parametrize("name", ["birth_date", "valid_from", "valid_until", "invoice_date"])
@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("20100721", "2010-07-21"),
        ("2010.07.21", "2010-07-21"),
        ("2010-07-21", "2010-07-21"),
        ("2010/7/1", "2010-07-01"),
        ("2010年07月21日", "2010-07-21"),
        ("2010年 7月 1日", "2010-07-01"),
        (" 2010.07.21 ", "2010-07-21"),
        ("长期", "长期"),
        ("", None),
    ],
)
def test_dates_are_written_one_way(name: str, written: str, date: str | None) -> None:
    assert value(name, written) == date


@pytest.mark.parametrize(
    "written", ["202012", "2010721", "2010年13月01日", "20101301", "2010.02.31", "12.05.2020", "昨天"]
)
def test_what_cannot_be_told_as_a_date_stays_as_it_is(written: str) -> None:
    assert value("invoice_date", written) == written


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2010.07.21-2030.07.21", "2010-07-21", "2030-07-21"),
        ("20100721-20300721", "2010-07-21", "2030-07-21"),
        ("2010.07.21-长期", "2010-07-21", "长期"),
        ("20100721-长期", "2010-07-21", "长期"),
        ("2010-07-21-2030-07-21", "2010-07-21", "2030-07-21"),
        ("2010-07-21至2030-07-21", "2010-07-21", "2030-07-21"),
        ("2010年07月21日至长期", "2010-07-21", "长期"),
        ("2010-07-21至长期", "2010-07-21", "长期"),
        ("2010-07-21-长期", "2010-07-21", "长期"),
        (" 2010.07.21 — 2030.07.21 ", "2010-07-21", "2030-07-21"),
        ("2010.07.21-", "2010-07-21", None),
        ("2010.07.21", "2010-07-21", None),
        ("", None, None),
    ],
)
def test_a_period_is_its_two_ends(period: str, first: str | None, last: str | None) -> None:
    found = {one.name: one.value for one in validity(period, "p") if one}
    assert (found.get("valid_from"), found.get("valid_until")) == (first, last)


@pytest.mark.parametrize(
    ("name", "written", "clean"),
    [
        ("card_number", "6222 0000 1111", "622200001111"),
        *(("card_type", code, kind) for code, kind in CARD_TYPES.items()),
        ("card_type", "公务卡", "公务卡"),
        ("bank_name", "招商银行(03080000)", "招商银行"),
        ("bank_name", "招商银行", "招商银行"),
        ("valid_date", "08/29", "2029-08"),
        ("valid_date", "08/2029", "2029-08"),
        ("valid_date", "08/2020", "2020-08"),
        ("valid_date", "NO VALID", "NO VALID"),
        ("invoice_number", "No12345678", "12345678"),
        ("invoice_number", "NO. 12345678", "12345678"),
        ("invoice_number", "00012345", "00012345"),
        ("total_amount", "¥1,234.50", "1,234.50"),
        ("tax_amount", "￥ 12.00", "12.00"),
        ("amount_without_tax", "-12.00", "-12.00"),
        ("name", " 张三 ", "张三"),
        ("name", "   ", None),
    ],
)
def test_a_value_is_freed_of_what_only_some_write_around_it(name: str, written: str, clean: str | None) -> None:
    assert value(name, written) == clean


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_card_without_a_single_value_is_the_wrong_document(provider: str) -> None:
    with pytest.raises(CallFailed) as raised:
        card(provider, dict.fromkeys(FRONTS[provider], ""), "front")
    assert raised.value.kind is ErrorKind.REJECTED


def test_fields_come_in_one_order() -> None:
    found = [field(name, "1", name) for name in reversed(NAMES)]
    assert [one.name for one in fields_text(found).fields] == list(NAMES)


def idcard(side: str, **more: Any) -> tuple[str, ...]:
    """Baidu's warnings about a card."""
    options = msgspec.convert({"mode": "id_card", "id_card_side": side}, Options)
    answer = {"words_result": {"姓名": {"words": "奥巴马"}}} | more
    return baidu_responses.read(options, msgspec.json.encode(answer)).warnings


def test_the_other_side_is_worth_a_word_only_to_whoever_named_one() -> None:
    assert idcard("front", image_status="reversed_side") == ("baidu: image_status is reversed_side.",)
    assert idcard("auto", image_status="reversed_side") == ()
    assert idcard("auto", image_status="blurred") == ("baidu: image_status is blurred.",)


def test_what_baidu_thinks_of_a_card_is_told() -> None:
    assert idcard("auto", risk_type="copy", edit_tool="Paint", card_quality={"IsClear": 0}) == (
        "baidu: risk_type is copy.",
        "baidu: edit_tool is Paint.",
        "baidu: card_quality IsClear=0.",
    )
    bank = {"result": {"bank_card_number": "62 22"}, "card_quality": {"IsComplete": 1}}
    read = baidu_responses.read(Options(mode="bank_card"), msgspec.json.encode(bank))
    assert read.warnings == ("baidu: card_quality IsComplete=1.",)


def test_a_field_with_a_place_is_a_line_too() -> None:
    read = fields_text([field("name", "a", "n", 0.5, box(0, 0, 9, 9)), None, field("sex", "b", "s")], ["w"])
    assert (read.text, [line.text for line in read.lines], read.warnings) == ("a\nb", ["a"], ("w",))


def test_a_table_reads_row_by_row_with_tabs_between_its_cells() -> None:
    cells = (Cell(text="d", row=1, column=1), Cell(text="a\nb", row=0, column=0, polygon=box(0, 0, 9, 9)),
             Cell(text="c", row=1, column=0))  # fmt: skip
    read = table_text([Table(cells=cells)])
    assert read.text == "a b\nc\td"
    assert [line.text for line in read.lines] == ["a\nb"]


def test_items_are_a_table_under_a_row_of_names() -> None:
    assert item_table([]) == ()
    (table,) = item_table([["铅笔", "", "支"]])
    assert [cell.text for cell in table.cells if cell.row == 0] == list(ITEM)
    assert [(cell.text, cell.column) for cell in table.cells if cell.row == 1] == [("铅笔", 0), ("支", 2)]
