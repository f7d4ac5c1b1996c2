"""Invoices in other layouts than the VAT invoice's form: rolls, taxi and toll slips, machine-printed and quota ones."""

import random

from tests.benchmarks.invoices import in_words
from tests.benchmarks.papers import made_up
from tests.benchmarks.papers.canvas import Canvas, Ink, Paper

_CITIES = "云岭", "青禾", "石桥", "白鹭"
_INK: Ink = (150, 60, 60)
_SEAL: Ink = (205, 60, 60)


def _head(canvas: Canvas, made: random.Random, title: str, y: int) -> int:
    """Write the title, the oval seal on it, the code and the number; return where the rest begins."""
    width = canvas.draw.im.size[0]
    canvas.put(width / 2, y, title, 40, _INK, anchor="ma")
    canvas.draw.ellipse((width / 2 - 120, y - 20, width / 2 + 120, y + 85), outline=_SEAL, width=3)
    canvas.put(width / 2, y + 56, "发票联", 30, _INK, anchor="ma")
    fields = canvas.fields
    fields["invoice_code"], fields["invoice_number"] = "199" + made_up.digits(made, 9), made_up.digits(made, 8)
    colon = made.choice(("：", ""))
    for at, (label, name) in enumerate((("发票代码", "invoice_code"), ("发票号码", "invoice_number"))):
        canvas.put(60, y + 115 + 44 * at, label + colon, 28, _INK)
        canvas.put(215, y + 115 + 44 * at, fields[name], 28, latin=True)
    return y + 215


def roll(made: random.Random) -> Paper:
    canvas = Canvas(640, 1500)
    fields = canvas.fields
    y = _head(canvas, made, f"{made.choice(_CITIES)}增值税普通发票", 40)
    day, each, count = made_up.day(made, 2017), made.randint(500, 30000), made.randint(1, 4)
    total = each * count
    fields.update({
        "machine_number": made_up.digits(made, 12), "seller_name": made_up.company(made),
        "seller_tax_id": made_up.credit_code(made), "invoice_date": day.isoformat(),
        "total_amount": made_up.money(total), "total_in_words": in_words(total),
        "check_code": made_up.digits(made, 20),
    })  # fmt: skip
    buyer = made.random() < 0.6
    if buyer:
        fields["buyer_name"], fields["buyer_tax_id"] = made_up.company(made), made_up.credit_code(made)
    shown = made.choice((f"{day:%Y-%m-%d}", f"{day:%Y年%m月%d日}"))
    lines = [
        ("机打号码：", fields["invoice_number"]), ("机器编号：", fields["machine_number"]),
        ("销售方名称：", fields["seller_name"]), ("纳税人识别号：", fields["seller_tax_id"]),
        ("开票日期：", shown), ("收款员：", made_up.person(made)),
        ("购买方名称：", fields.get("buyer_name", "")), ("纳税人识别号：", fields.get("buyer_tax_id", "")),
    ]  # fmt: skip
    for label, value in lines:
        canvas.put(40, y, label, 24, _INK)
        canvas.put(40 + 24 * len(label) + 8, y, value, 24)
        y += 46
    for x, text in ((40, "项目"), (290, "单价"), (420, "数量"), (520, "金额")):
        canvas.put(x, y + 10, text, 24, _INK)
    canvas.put(40, y + 56, made.choice(("*餐饮服务*餐费", "*文具*复印纸", "*食品*绿茶")), 24)
    for x, text in ((360, made_up.money(each)), (460, str(count)), (610, made_up.money(total))):
        canvas.put(x, y + 98, text, 24, anchor="ra")
    y += 210
    lines = [("合计金额(小写)：", f"￥{fields['total_amount']}"), ("合计金额(大写)：", fields["total_in_words"]),
             ("校验码：", fields["check_code"])]  # fmt: skip
    for label, value in lines:
        canvas.put(40, y, label, 24, _INK)
        canvas.put(40 + 24 * len(label), y, value, 24)
        y += 46
    return canvas.paper("invoice")


def taxi(made: random.Random) -> Paper:
    canvas = Canvas(560, 1150, (252, 250, 244))
    fields = canvas.fields
    y = _head(canvas, made, f"{made.choice(_CITIES)}市出租汽车专用发票", 40)
    day, each = made_up.day(made, 2016), made.choice(("2.30", "2.40", "3.20"))
    fields["invoice_date"], fields["total_amount"] = day.isoformat(), f"{made.randint(10, 160)}.{made.choice('05')}0"
    start, gap = made.randint(0, 1300), made.choice(("：", " ", ":"))
    clock = [f"{minute // 60:02}:{minute % 60:02}" for minute in (start, start + made.randint(5, 90))]
    lines = [
        ("单位", made_up.company(made)[:9]), ("电话", made_up.phone(made)),
        ("车号", f"99-{made.choice('ABCT')}{made_up.digits(made, 4)}"), ("证号", made_up.digits(made, 6)),
        ("日期", made.choice((f"{day:%Y-%m-%d}", f"{day:%Y年%m月%d日}", f"{day:%Y%m%d}"))), ("上车", clock[0]),
        ("下车", clock[1]), ("单价", f"{each}元/km"), ("里程", f"{made.randint(2, 60)}.{made.randint(0, 9)}km"),
        ("等候", f"00:{made.randint(0, 59):02}:{made.randint(0, 59):02}"),
        ("金额", made.choice(("{}元", "￥{}", "{}")).format(fields["total_amount"])), ("卡号", ""), ("余额", ""),
    ]  # fmt: skip
    for label, value in lines:
        canvas.put(70, y, label + gap, 30, _INK)
        canvas.put(180, y + made.choice((0, 0, 6)), value, 30, latin=value.isascii())
        y += 56
    return canvas.paper("invoice")


def toll(made: random.Random) -> Paper:
    canvas = Canvas(900, 620)
    fields = canvas.fields
    y = _head(canvas, made, f"{made.choice(_CITIES)}省高速公路车辆通行费发票", 30)
    day = made_up.day(made, 2016)
    fields["invoice_date"], fields["total_amount"] = day.isoformat(), f"{made.randint(5, 600)}.00"
    places = made.sample(("云岭南", "青禾", "石桥东", "白鹭西", "松涛"), 2)
    rows = (
        (("入口：", places[0]), ("出口：", places[1])), (("车型：", "一型客车"), ("收费员：", made_up.digits(made, 5))),
        (("日期：", f"{day:%Y-%m-%d}"), ("时间：", f"{made.randint(0, 23):02}:{made.randint(0, 59):02}:08")),
        (("金额：", f"{fields['total_amount']}元"), ("支付方式：", "现金")),
    )  # fmt: skip
    for row in rows:
        for x, (label, value) in zip((60, 480), row, strict=True):
            canvas.put(x, y, label, 30, _INK)
            canvas.put(x + 30 * len(label) + 6, y, value, 30)
        y += 66
    return canvas.paper("invoice")


def machine(made: random.Random) -> Paper:
    canvas = Canvas(1500, 900)
    fields = canvas.fields
    title = f"{made.choice(_CITIES)}省{made.choice(('国家', '地方', ''))}税务局通用机打发票"
    y = _head(canvas, made, title, 40)
    day, total = made_up.day(made, 2014, 2020), made.randint(1000, 900000)
    fields.update({
        "invoice_date": day.isoformat(), "buyer_name": made_up.company(made), "seller_name": made_up.company(made),
        "seller_tax_id": made_up.credit_code(made), "total_amount": made_up.money(total),
        "total_in_words": in_words(total),
    })  # fmt: skip
    payer, payee = made.choice(
        (("付款方名称：", "收款方名称："), ("付款单位：", "收款单位："), ("客户名称：", "销售方名称："))
    )
    shift = made.randint(-6, 10)
    lines = (
        (60, 0, "开票日期：", f"{day:%Y-%m-%d}"), (800, 0, "行业分类：", "服务业"),
        (60, 60, payer, fields["buyer_name"]), (60, 120, payee, fields["seller_name"]),
        (800, 120, "纳税人识别号：", fields["seller_tax_id"]), (60, 180, "项目", ""), (800, 180, "金额", ""),
        (60, 240, "", "技术咨询服务费"), (800, 240, "", fields["total_amount"]),
        (60, 420, "合计金额（大写）：", fields["total_in_words"]),
        (900, 420, "（小写）：", f"￥{fields['total_amount']}"),
    )  # fmt: skip
    for x, down, label, value in lines:
        if label:
            canvas.put(x, y + down, label, 30, _INK)
        if value:
            canvas.put(x + 30 * len(label) + 6, y + down + shift, value, 30)
    fields["drawer"] = made_up.person(made)
    canvas.put(60, y + 520, "开票人：", 30, _INK)
    canvas.put(190, y + 520, fields["drawer"], 30)
    return canvas.paper("invoice")


def quota(made: random.Random) -> Paper:
    canvas = Canvas(900, 480)
    y = _head(canvas, made, f"{made.choice(_CITIES)}省税务局通用定额发票", 30)
    worth = made.choice((1, 2, 5, 10, 20, 50, 100))
    canvas.fields["total_in_words"] = in_words(worth * 100).replace("圆", "元")
    canvas.put(450, y + 10, canvas.fields["total_in_words"], 64, _INK, anchor="ma")
    canvas.put(60, y + 130, "收款单位（盖章）：", 28, _INK)
    canvas.put(600, y + 130, "开票日期：", 28, _INK)
    return canvas.paper("invoice")


KINDS = {"roll": roll, "taxi": taxi, "toll": toll, "machine": machine, "quota": quota}
