"""Invoices of vehicles and bills of treasuries: their layouts are not the VAT invoice's."""

from folio.models import Line
from tests.unit.structure.fields.test_find import NUMBER, line, page, values
from tests.unit.structure.fields.test_other_layouts import rows

NUMBERED = "91996779NW0EXLU3EJ"  # a credit code of an unassigned region, its check character right
VEHICLE = (
    (40, 30, "机动车销售统一发票"), (40, 70, "开票日期"), (200, 70, "2023-05-07"), (500, 30, "发票代码 199826219028"),
    (500, 60, "发票号码 81845305"), (40, 110, "机打代码"), (200, 110, "199826219028"), (40, 150, "机打号码"),
    (200, 150, "81845305"), (40, 200, "购买方名称"), (200, 200, "林德"), (500, 188, "纳税人识别号/"),
    (500, 214, "身份证明号码"), (720, 200, NUMBER), (40, 250, "价税合计"), (200, 250, "壹拾壹万叁仟圆整"),
    (600, 250, "小写"), (700, 250, "￥113000.00"), (40, 300, "销货单位名称"), (200, 300, "青禾汽车有限公司"),
    (40, 350, "纳税人识别号"), (200, 350, NUMBERED), (40, 390, "增值税税率"), (40, 416, "或征收率"), (200, 402, "13%"),
    (300, 390, "增值税"), (300, 416, "税额"), (400, 402, "￥13000.00"), (40, 450, "不含税价"), (200, 450, "小写"),
    (270, 450, "￥100000.00"), (40, 500, "销货单位盖章"), (400, 500, "开票人"), (500, 500, "周雅琴"),
)  # fmt: skip


def lines(*texts: tuple[float, float, str]) -> list[Line]:
    return [line(text, x, y) for x, y, text in texts]


def test_an_invoice_of_a_vehicle_has_its_parties_numbers_and_sums() -> None:
    found = values(page(*lines(*VEHICLE)))
    assert found == {
        "invoice_type": ("机动车销售统一发票", "unchecked"), "invoice_code": ("199826219028", "passed"),
        "invoice_number": ("81845305", "passed"), "invoice_date": ("2023-05-07", "passed"),
        "buyer_name": ("林德", "unchecked"), "buyer_tax_id": (NUMBER, "passed"),
        "seller_name": ("青禾汽车有限公司", "unchecked"), "seller_tax_id": (NUMBERED, "passed"),
        "amount_without_tax": ("100000.00", "passed"), "tax_amount": ("13000.00", "passed"),
        "total_amount": ("113000.00", "passed"), "total_in_words": ("壹拾壹万叁仟圆整", "passed"),
        "drawer": ("周雅琴", "unchecked"),
    }  # fmt: skip


def test_numbers_that_were_read_only_where_they_are_printed_again_are_told_and_prove_nothing() -> None:
    torn = [one for one in VEHICLE if not one[2].startswith(("发票代码", "发票号码"))]
    found = values(page(*lines(*torn)))
    assert (found["invoice_code"], found["invoice_number"]) == (
        ("199826219028", "unchecked"),
        ("81845305", "unchecked"),
    )
    roll = rows(
        "云岭增值税普通发票", "发票代码：199000000012", "机打号码：12345678", "开票日期：20240506", "税额 开票人"
    )
    assert values(roll)["invoice_number"] == ("12345678", "unchecked")


def test_the_markets_number_on_an_invoice_of_a_used_vehicle_is_not_the_sellers() -> None:
    texts = (
        (40, 30, "二手车销售统一发票"), (40, 80, "买方单位/个人"), (240, 80, "林德"), (500, 80, "单位代码/身份证号码"),
        (720, 80, NUMBER), (40, 130, "买方单位/个人住址"), (240, 130, "云岭省解放路1号"), (40, 180, "卖方单位/个人"),
        (240, 180, "周雅琴"), (500, 180, "单位代码/身份证号码"), (40, 230, "车价合计（大写）"), (240, 230, "壹万圆整"),
        (600, 230, "小写"), (700, 230, "￥10000.00"), (40, 280, "二手车市场"), (240, 280, "青禾市场"),
        (500, 280, "纳税人识别号"), (720, 280, NUMBERED),
    )  # fmt: skip
    found = values(page(*lines(*texts)))
    assert (found["buyer_name"][0], found["seller_name"][0]) == ("林德", "周雅琴")
    assert found["buyer_tax_id"] == (NUMBER, "passed")
    assert "seller_tax_id" not in found
    assert found["total_amount"] == ("10000.00", "passed")


def test_print_below_its_rows_goes_to_its_own_labels_though_labels_beside_them_look_like_names() -> None:
    labels = (
        (40, 30, "二手车销售统一发票"), (40, 160, "机器编号"), (40, 220, "买方单位/个人"),
        (500, 220, "单位代码/身份证号码"), (40, 280, "卖方单位/个人"), (500, 280, "单位代码/身份证号码"),
    )  # fmt: skip
    printed = (
        (200, 160, "646403805061"), (240, 220, "王雨"), (720, 220, NUMBER), (240, 280, "何建涵"), (720, 280, NUMBERED),
    )  # fmt: skip
    found = values(page(*lines(*labels), *lines(*((x, y + 21, text) for x, y, text in printed))))
    assert (found["buyer_name"][0], found["seller_name"][0]) == ("王雨", "何建涵")
    assert found["machine_number"][0] == "646403805061"
    assert (found["buyer_tax_id"][0], found["seller_tax_id"][0]) == (NUMBER, NUMBERED)


def test_a_treasurys_bill_has_numbers_of_its_own_length() -> None:
    found = values(
        rows(
            "云岭省医疗门诊收费票据（电子）", "票据代码：00319492 票据号码：5068797860",
            f"交款人统一社会信用代码：{NUMBER}",
            "交款人：林德 校验码：fbOd7e", "开票日期：2022-08-14", "金额合计（大写）伍仟零肆圆零玖分 （小写）5004.09",
            "个人现金支付：0.00", "收款单位 （ 章 ）：青禾市第一人民医院", "复核人：吴雨", "收款人：周雅琴",
        )
    )  # fmt: skip
    assert found == {
        "invoice_type": ("云岭省医疗门诊收费票据（电子）", "unchecked"), "invoice_code": ("00319492", "unchecked"),
        "invoice_number": ("5068797860", "unchecked"), "invoice_date": ("2022-08-14", "passed"),
        "check_code": ("fb0d7e", "unchecked"), "buyer_name": ("林德", "unchecked"), "buyer_tax_id": (NUMBER, "passed"),
        "seller_name": ("青禾市第一人民医院", "unchecked"), "total_amount": ("5004.09", "passed"),
        "total_in_words": ("伍仟零肆圆零玖分", "passed"), "payee": ("周雅琴", "unchecked"),
        "reviewer": ("吴雨", "unchecked"),
    }  # fmt: skip


def test_the_time_of_a_train_is_told_where_the_sign_behind_it_was_not_read() -> None:
    texts = (
        (50, 80, "青禾站"), (300, 80, "K3375"), (600, 80, "石桥东站"), (50, 140, "2024年07月20日"), (300, 140, "04:11"),
        (600, 140, "01车12A号"), (50, 200, "票价：￥41.50"), (600, 200, "一等座"), (50, 20, "电子发票（铁路电子客票）"),
    )  # fmt: skip
    assert values(page(*lines(*texts)))["departure_time"] == ("04:11", "passed")
