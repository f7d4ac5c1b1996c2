"""Invoices of vehicles, new and used: forms of many rows, with labels in two lines and numbers of several parties."""

import random

from tests.benchmarks.invoices import in_words
from tests.benchmarks.papers import made_up
from tests.benchmarks.papers.canvas import Canvas, Ink, Paper

_INK: Ink = (140, 80, 50)
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"  # of a vehicle's number
_TOP, _STEP = 195, 62
type _Cell = tuple[int, int, str, int, str]  # row, left, label, left of the value, value


def _head(canvas: Canvas, made: random.Random, title: str) -> None:
    """Write what stands above the form and in its first rows; what follows in dark ink may be printed off its place."""
    fields, day = canvas.fields, made_up.day(made, 2015)
    fields.update({
        "invoice_code": "199" + made_up.digits(made, 9), "invoice_number": made_up.digits(made, 8),
        "invoice_date": day.isoformat(), "machine_number": made_up.digits(made, 12), "drawer": made_up.person(made),
    })  # fmt: skip
    canvas.put(750, 60, title, 46, _INK, anchor="mm")
    canvas.put(750, 120, made.choice(("发 票 联", "抵 扣 联", "登 记 联")), 34, _INK, anchor="mm")
    canvas.draw.ellipse((600, 30, 900, 140), outline=(205, 60, 60), width=4)
    for at, (label, name) in enumerate((("发票代码", "invoice_code"), ("发票号码", "invoice_number"))):
        canvas.put(1060, 70 + 46 * at, label, 28, _INK)
        canvas.put(1200, 70 + 46 * at, fields[name], 30, latin=True)
    canvas.put(70, 150, "开票日期", 26, _INK)
    if made.random() < 0.7:
        canvas.shift = made.randint(-15, 30), made.randint(-18, 18)
    canvas.put(200, 150, f"{day:%Y-%m-%d}", 28)
    _cells(canvas, [
        (0, 75, "机打代码", 245, fields["invoice_code"]), (1, 75, "机打号码", 245, fields["invoice_number"]),
        (2, 75, "机器编号", 245, fields["machine_number"]), (0, 640, "税", 0, ""), (1, 640, "控", 0, ""),
        (2, 640, "码", 0, ""),
    ])  # fmt: skip
    for at in range(4):
        canvas.put(700, _TOP + 12 + 44 * at, "".join(made.choices("0123456789<>+-*/", k=34)), 26, latin=True)


def _cells(canvas: Canvas, cells: list[_Cell]) -> None:
    for row, x, label, left, value in cells:
        lines = label.split("\n")
        for at, text in enumerate(lines):
            y, size = (row * _STEP + 16, 26) if len(lines) == 1 else (row * _STEP + 6 + 27 * at, 21)
            canvas.put(x, _TOP + y, text, size, _INK)
        if value:
            canvas.put(left, _TOP + row * _STEP + 15, value, 28)


def _foot(canvas: Canvas, made: random.Random, rows: int, label: str) -> None:
    canvas.draw.rectangle((60, _TOP, 1440, _TOP + rows * _STEP), outline=_INK, width=3)
    for row in range(3, rows):
        canvas.draw.line((60, _TOP + row * _STEP, 1440, _TOP + row * _STEP), fill=_INK, width=2)
    _cells(canvas, [
        (rows, 75, label, 0, ""), (rows, 620, "开票人", 730, canvas.fields["drawer"]),
        (rows, 1080, "备注：一车一票", 0, ""),
    ])  # fmt: skip
    if made.random() < 0.7:
        canvas.seal(made.randint(300, 1200), made.randint(900, 1050), "发票专用章")


def vehicle(made: random.Random) -> Paper:
    canvas = Canvas(1500, 1180)
    total, rate = made.randint(3_000_000, 60_000_000), made.choice((3, 13, 16, 17))
    net = round(total * 100 / (100 + rate))
    is_person = made.random() < 0.6
    fields = canvas.fields
    _head(canvas, made, "机动车销售统一发票")
    fields.update({
        "buyer_name": made_up.person(made) if is_person else made_up.company(made),
        "buyer_tax_id": _identity(made) if is_person else made_up.credit_code(made),
        "total_in_words": in_words(total), "total_amount": made_up.money(total), "seller_name": made_up.company(made),
        "seller_tax_id": made_up.credit_code(made), "tax_amount": made_up.money(total - net),
        "amount_without_tax": made_up.money(net),
    })  # fmt: skip
    number = made.choice(("纳税人识别号", "纳税人识别号/统一社会信用代码/\n身份证明号码"))
    _cells(canvas, [
        (3, 75, "购买方名称", 280, fields["buyer_name"]), (3, 800, number, 1120, fields["buyer_tax_id"]),
        (4, 75, "车辆类型", 280, made.choice(("轿车", "小型普通客车"))), (4, 560, "厂牌型号", 710, "云岭牌A1234B1"),
        (4, 1100, "产地", 1200, "青禾"), (5, 75, "合格证号", 280, "W" + made_up.digits(made, 14)),
        (5, 620, "进口证明书号", 0, ""), (5, 1100, "商检单号", 0, ""),
        (6, 75, "发动机号码", 280, made_up.digits(made, 7)),
        (6, 560, "车辆识别代号/车架号码", 880, "L" + "".join(made.choices(_LETTERS, k=16))),
        (7, 75, "价税合计", 280, fields["total_in_words"]),
        (7, 960, made.choice(("小写", "（小写）")), 1080, f"￥{fields['total_amount']}"),
        (8, 75, "销货单位名称", 280, fields["seller_name"]), (8, 960, "电话", 1080, made_up.phone(made)),
        (9, 75, "纳税人识别号", 280, fields["seller_tax_id"]), (9, 960, "账号", 1080, made_up.digits(made, 16)),
        (10, 75, "地址", 280, made_up.address(made)), (10, 800, "开户银行", 950, "云岭银行城南支行"),
        (11, 75, "增值税税率\n或征收率", 280, f"{rate}%"), (11, 430, "增值税\n税额", 540, f"￥{fields['tax_amount']}"),
        (11, 800, "主管税务\n机关及代码", 940, f"云岭市税务局 {made_up.digits(made, 11)}"),
        (12, 75, "不含税价", 0, ""), (12, 280, "小写", 350, f"￥{fields['amount_without_tax']}"),
        (12, 640, "完税凭证号码", 0, ""), (12, 1040, "吨位", 0, ""), (12, 1210, "限乘人数", 1340, "5"),
    ])  # fmt: skip
    _foot(canvas, made, 13, "销货单位盖章")
    return canvas.paper("invoice")


def used_vehicle(made: random.Random) -> Paper:
    canvas = Canvas(1500, 1150)
    total = made.randint(500_000, 20_000_000) // 100 * 100
    fields = canvas.fields
    _head(canvas, made, "二手车销售统一发票")
    fields.update({
        "buyer_name": made_up.person(made), "buyer_tax_id": _identity(made), "seller_name": made_up.person(made),
        "seller_tax_id": _identity(made), "total_in_words": in_words(total), "total_amount": made_up.money(total),
    })  # fmt: skip
    _cells(canvas, [
        (3, 75, "买方单位/个人", 305, fields["buyer_name"]),
        (3, 760, "单位代码/身份证号码", 1025, fields["buyer_tax_id"]),
        (4, 75, "买方单位/个人住址", 335, made_up.address(made)), (4, 960, "电话", 1080, made_up.phone(made)),
        (5, 75, "卖方单位/个人", 305, fields["seller_name"]),
        (5, 760, "单位代码/身份证号码", 1025, fields["seller_tax_id"]),
        (6, 75, "卖方单位/个人住址", 335, made_up.address(made)), (6, 960, "电话", 1080, made_up.phone(made)),
        (7, 75, "车牌照号", 265, "云A" + made_up.digits(made, 5)),
        (7, 520, "登记证号", 670, made_up.digits(made, 12)), (7, 1000, "车辆类型", 1150, "小型轿车"),
        (8, 75, "车架号/车辆识别代码", 365, "L" + "".join(made.choices(_LETTERS, k=16))),
        (8, 760, "厂牌型号", 910, "云岭牌A1234"), (9, 75, "转入地车辆管理所名称", 365, "云岭市车辆管理所"),
        (10, 75, "车价合计（大写）", 365, fields["total_in_words"]),
        (10, 960, "小写", 1050, f"￥{fields['total_amount']}"), (11, 75, "经营、拍卖单位", 0, ""),
        (12, 75, "二手车市场", 365, "青禾市二手车交易市场"),
        (12, 800, "纳税人识别号", 990, made_up.credit_code(made)),
    ])  # fmt: skip
    _foot(canvas, made, 13, "开票单位（盖章）")
    return canvas.paper("invoice")


def _identity(made: random.Random) -> str:
    return made_up.id_number(made, made_up.day(made, 1960, 2000), male=made.random() < 0.5)


KINDS = {"vehicle": vehicle, "used_vehicle": used_vehicle}
