"""Papers in the layouts that are seldom shown: rolls, old licenses, tolls, long values, several on a picture."""

import pytest

from folio.models import Line, Page
from folio.structure.fields.find import fields_of
from tests.unit.structure.fields.test_find import NUMBER, card, line, page, values
from tests.unit.structure.fields.test_invoices import form

NUMBERED = "91990000MA00000003"  # a credit code whose check character holds


def rows(*texts: str, left: float = 40) -> Page:
    return page(*(line(text, left, 30 + 40 * at) for at, text in enumerate(texts)))


def test_a_roll_whose_buyer_has_no_number_does_not_give_it_the_sellers() -> None:
    found = values(
        rows(
            "云岭增值税普通发票", "发票代码：199000000012", "发票号码：12345678", "机打号码：12345678",
            "收款单位：青禾食品有限公司", f"税号：{NUMBERED}", "开票日期：20240506", "购买方名称：", "纳税人识别号：",
            "项目 单价 金额", "合计金额(小写)：￥113.00", "合计金额(大写)：壹佰壹拾叁圆整",
        )
    )  # fmt: skip
    assert found["seller_tax_id"][0] == NUMBERED
    assert found["invoice_date"] == ("2024-05-06", "passed")
    assert "buyer_tax_id" not in found


@pytest.mark.parametrize("sign", ["注", "密", "区"])
def test_a_sign_down_the_side_is_no_part_of_a_long_value(sign: str) -> None:
    lines = [
        line(f"{one.text} {sign}", one.polygon[0][0], one.polygon[0][1]) if "解放路" in one.text else one
        for one in form()
    ]
    assert values(page(*lines))["buyer_address_phone"][0] == "青禾市解放路12号 0951-1234567"


def test_who_issues_a_red_invoice_is_told_by_a_remark_that_names_an_invoice() -> None:
    lines = (line("备", 600, 530), line("注", 600, 580), line("开具红字增值税专用发票信息表编号99", 640, 545))
    assert values(page(*form(), *lines))["remarks"][0] == "开具红字增值税专用发票信息表编号99"


@pytest.mark.parametrize("printed", ["（负数）壹佰壹拾叁圆整", "（负数 ）壹佰壹拾叁圆整"])
def test_a_negative_total_in_words_is_that_in_figures(printed: str) -> None:
    lines = [
        line(printed, 260, 450) if one.text == "壹佰壹拾叁圆整" else
        line(one.text.replace("¥", "¥-"), one.polygon[0][0], one.polygon[0][1]) if "¥" in one.text else one
        for one in form()
    ]  # fmt: skip
    found = values(page(*lines))
    assert found["total_in_words"] == ("（负数）壹佰壹拾叁圆整", "passed")
    assert found["total_amount"] == ("-113.00", "passed")


def test_what_stands_beside_an_unknown_label_is_no_part_of_the_value_above() -> None:
    labels = "名 称", "某 项", "法定代表人姓名", "实收资本", "经营范围"
    beside = "青禾文具有限公司", "不知", "林德", "壹佰万元", "销售文具"
    pairs = zip(labels, beside, strict=True)
    lines = [
        line(text, x, 200 + 30 * at) for at, pair in enumerate(pairs) for x, text in zip((40, 260), pair, strict=True)
    ]
    found = values(
        page(line("企业法人营业执照", 300, 50), line("注册号 990000000000123", 300, 120), *lines), "business_license"
    )
    assert found["company_name"][0] == "青禾文具有限公司"
    assert found["legal_representative"][0] == "林德"
    assert found["business_scope"][0] == "销售文具"


@pytest.mark.parametrize("train", ["T145次", "T145 次", "4850次"])
def test_a_word_behind_a_trains_number_is_no_station(train: str) -> None:
    lines = (
        line("青禾", 50, 80), line(train, 300, 80), line("石桥东", 600, 80), line("2010年03月12日 20:12开", 50, 140),
        line("05车03号下铺", 600, 140), line("￥263.00元", 50, 200), line("新空调硬卧", 600, 200),
        line("仅供报销使用", 50, 260),
    )  # fmt: skip
    found = values(page(*lines))
    assert (found["departure_station"][0], found["arrival_station"][0]) == ("青禾", "石桥东")
    assert found["train_number"][0] == train.split("次", maxsplit=1)[0].strip()


def both(gap: float) -> tuple[str | None, list[dict[str, str]]]:
    """Return the kind and the fields of two invoices below each other, which have room below their items."""

    def one(number: str, down: float) -> list[Line]:
        above = [line(f"发票号码：{number}", 600, 20 + down), line("规格型号", 300, 150 + down)]
        below = [line("价税合计", 40, 600 + down), line("（小写）¥113.00", 400, 600 + down)]
        return [*above, line("开票日期：2024年05月06日", 600, 60 + down), *below, line("开票人：林德", 40, 660 + down)]

    kind, fields = fields_of(page(*one("12345678", 0), *one("87654321", 680 + gap)), "invoice")
    return kind, [{one.name: one.value for one in fields if one.paper == paper} for paper in (1, 2)]


def test_two_invoices_are_cut_between_them_and_not_at_the_room_below_items() -> None:
    kind, found = both(gap=30)
    assert kind == "invoice"
    assert [one["invoice_number"] for one in found] == ["12345678", "87654321"]
    assert [one["drawer"] for one in found] == ["林德", "林德"]


def test_an_invoice_that_names_another_ones_numbers_is_one_paper() -> None:
    lines = (
        line("发票代码：011002100669", 600, 10), line("发票号码：12345678", 600, 40), line("备注", 600, 530),
        line("对应正数发票代码：011002100600", 640, 560),
    )  # fmt: skip
    fields = fields_of(page(*form(), *lines), "invoice")[1]
    assert {one.paper for one in fields} == {1}


def test_a_tills_slip_in_chinese_is_a_receipt_whose_total_is_what_was_paid_less_the_change() -> None:
    found = values(
        rows(
            "欢迎光临云岭超市", "小票号：20190314000123", "日期：2019-03-14 18:22", "纯牛奶 2 4.50 9.00",
            "合计： 4 23.10",
            "优惠：1.00", "应收：22.10", "实收：50.00", "找零：27.90", "谢谢惠顾",
        )
    )  # fmt: skip
    assert found == {
        "seller_name": ("云岭超市", "unchecked"), "invoice_number": ("20190314000123", "unchecked"),
        "invoice_date": ("2019-03-14", "passed"), "total_amount": ("22.10", "passed"),
    }  # fmt: skip


def test_a_number_of_pieces_is_no_total() -> None:
    texts = (
        "便利店",
        "交易号 T100293884",
        "2021-06-07 08:12 收银01",
        "咖啡 ￥12.00",
        "总计 2件 ￥21.90",
        "支付宝 ￥21.90",
    )
    assert values(rows(*texts))["total_amount"] == ("21.90", "unchecked")


@pytest.mark.parametrize(
    ("printed", "check"), [("2015年07月16日", "passed"), ("2015年07月16局", "unchecked"), ("2015年07月1", "unchecked")]
)
def test_a_day_of_issue_that_a_seal_covers_in_part_does_not_pass(printed: str, check: str) -> None:
    lines = (line("经营范围 销售文具", 40, 300), line("登记机关", 600, 600), line(printed, 600, 680))
    found = values(page(line("营业执照", 300, 50), *lines), "business_license")
    assert found["approval_date"] == (f"2015-07-{'16' if '16' in printed else '01'}", check)


def test_the_second_of_two_labels_beside_each_other_is_the_sellers_where_the_first_has_no_value() -> None:
    label = "纳税人识别号："
    lines = (
        line("电子发票（普通发票）", 300, 20), line("名称：林德", 40, 90), line("名称：青禾食品有限公司", 400, 90),
        line(label, 40, 130), line(label + NUMBERED, 250, 130), line("项目名称 规格型号 金额 税额", 40, 200),
        line("价税合计（大写） 壹佰壹拾叁圆整", 40, 500), line("（小写）¥113.00", 640, 500),
        line("开票人：林德", 40, 600),
    )  # fmt: skip
    found = values(page(*lines))
    assert found["seller_tax_id"][0] == NUMBERED
    assert "buyer_tax_id" not in found


@pytest.mark.parametrize("askew", [0, 24])
def test_remarks_of_the_digital_form_are_told_without_their_label(askew: float) -> None:
    lines = (
        line("电子发票（普通发票）", 300, 20), line("项目名称 规格型号 金额 税额", 40, 200),
        line("价税合计（大写） 壹佰壹拾叁圆整", 40, 500), line("（小写）¥113.00", 640, 500 + askew),
        line("订单号：99000001", 90, 550), line("开票人：林德", 40, 640),
    )  # fmt: skip
    assert values(page(*lines), "invoice")["remarks"][0] == "订单号：99000001"


@pytest.mark.parametrize(("day", "check"), [("7", "passed"), ("8", "unchecked")])
def test_a_digit_of_an_identity_number_that_was_read_twice_is_told_by_its_check(day: str, check: str) -> None:
    doubled = f"{NUMBER[:5]}{NUMBER[5]} {NUMBER[5:]}"
    lines = [
        line(one.text.replace("3 月 7 日", f"3 月 {day} 日"), one.polygon[0][0], one.polygon[0][1])
        for one in card(number=doubled)
    ]
    assert values(page(*lines))["id_number"] == (NUMBER, check)
