"""Bills of treasuries: of hospitals, and of fees and donations."""

import random

from tests.benchmarks.invoices import in_words
from tests.benchmarks.papers import made_up
from tests.benchmarks.papers.canvas import Canvas, Ink, Paper

_RED: Ink = (190, 70, 60)
_MEDICAL = "西药费", "检查费", "化验费", "诊查费", "卫生材料费", "治疗费", "中成药费"
_TITLES = "非税收入统一票据（电子）", "资金往来结算票据（电子）", "公益事业捐赠统一票据（电子）"
_WIDTH = 1600


def _head(canvas: Canvas, made: random.Random, title: str) -> None:
    fields, day = canvas.fields, made_up.day(made, 2019)
    fields.update({
        "invoice_code": made.choice(("99", "00")) + made_up.digits(made, 6), "invoice_number": made_up.digits(made, 10),
        "buyer_name": made_up.person(made), "check_code": "".join(made.choices("0123456789abcdef", k=6)),
        "invoice_date": day.isoformat(),
    })  # fmt: skip
    canvas.put(_WIDTH / 2, 70, title, 46, _RED, anchor="mm")
    canvas.draw.ellipse((_WIDTH / 2 - 120, 30, _WIDTH / 2 + 120, 130), outline=(205, 60, 60), width=3)
    if made.random() < 0.5:
        fields["buyer_tax_id"] = made_up.id_number(made, made_up.day(made, 1950, 2006), male=True)
    shown = made.choice((f"{day:%Y-%m-%d}", f"{day:%Y年%m月%d日}"))
    left = (("票据代码：", fields["invoice_code"]), ("交款人统一社会信用代码：", fields.get("buyer_tax_id", "")),
            ("交款人：", fields["buyer_name"]))  # fmt: skip
    right = (("票据号码：", fields["invoice_number"]), ("校验码：", fields["check_code"]), ("开票日期：", shown))
    for at in range(3):
        for x, (label, value) in ((80, left[at]), (_WIDTH - 560, right[at])):
            canvas.put(x, 150 + 48 * at, label, 26, _RED)
            canvas.put(x + 26 * len(label) + 4, 150 + 48 * at, value, 26)


def _foot(canvas: Canvas, made: random.Random, total: int, seller: str, others: list[str]) -> None:
    fields, y, end = canvas.fields, 610, 890
    fields.update({
        "total_in_words": in_words(total), "total_amount": made_up.money(total), "seller_name": seller,
        "reviewer": made_up.person(made), "payee": made_up.person(made),
    })  # fmt: skip
    for x, text, ink in ((90, "金额合计（大写）", _RED), (320, fields["total_in_words"], (35, 35, 50)),
                         (1040, "（小写）", _RED), (1160, fields["total_amount"], (35, 35, 50))):  # fmt: skip
        canvas.put(x, y, text, 26, ink)
    for at, sign in enumerate("其他信息"):
        canvas.put(85, y + 70 + 40 * at, sign, 26, _RED)
    for at, text in enumerate(others):
        canvas.put(150 + 480 * (at % 3), y + 70 + 42 * (at // 3), text, 24)
    canvas.draw.rectangle((70, 305, _WIDTH - 70, end), outline=_RED, width=2)
    for line in (355, y - 15, y + 50):
        canvas.draw.line((70, line, _WIDTH - 70, line), fill=_RED, width=2)
    for x, label, value in ((80, "收款单位（章）：", seller), (800, "复核人：", fields["reviewer"]),
                            (1120, "收款人：", fields["payee"])):  # fmt: skip
        canvas.put(x, end + 25, label, 26, _RED)
        canvas.put(x + 26 * len(label) + 4, end + 25, value, 26)
    if made.random() < 0.6:
        canvas.seal(made.randint(200, 500), end - 20, "财务专用章", wide=150, high=150)


def medical(made: random.Random) -> Paper:
    canvas = Canvas(_WIDTH, 1000, (255, 255, 255))
    _head(canvas, made, f"{made.choice(('云岭省', ''))}医疗{made.choice(('门诊', '住院'))}收费票据（电子）")
    for x in (90, 820):
        for right, text in ((0, "项目名称"), (260, "数量/单位"), (430, "金额（元）"), (600, "备注")):
            canvas.put(x + right, 318, text, 24, _RED)
    total = 0
    for at, name in enumerate(made.sample(_MEDICAL, made.randint(3, 6))):
        x, y, amount = (90, 820)[at % 2], 370 + 44 * (at // 2), made.randint(100, 200000)
        total += amount
        canvas.put(x, y, name, 24)
        canvas.put(x + 290, y, "1/项", 24)
        canvas.put(x + 560, y, made_up.money(amount), 24, anchor="ra")
    others = [
        f"业务流水号：{made_up.digits(made, 12)}", f"门诊号：{made_up.digits(made, 8)}", "就诊日期：20230511",
        "医疗机构类型：综合医院", "性别：男", "医保类型：职工医保", f"医保统筹基金支付：{made_up.money(total // 2)}",
        "其他支付：0.00", f"个人账户支付：{made_up.money(total - total // 2)}", "个人自付：12.30", "个人自费：0.00",
    ]  # fmt: skip
    _foot(canvas, made, total, f"{made.choice(('云岭', '青禾'))}市第一人民医院", others)
    return canvas.paper("invoice")


def fees(made: random.Random) -> Paper:
    canvas = Canvas(_WIDTH, 1000, (255, 255, 255))
    _head(canvas, made, f"{made.choice(('云岭省', '青禾市', '中央'))}{made.choice(_TITLES)}")
    heads = ((90, "项目编码"), (300, "项目名称"), (700, "单位"), (850, "数量"), (1000, "标准"), (1180, "金额（元）"))
    for x, text in heads:
        canvas.put(x, 318, text, 24, _RED)
    total = 0
    for at in range(made.randint(1, 3)):
        amount = made.randint(10, 5000) * 100
        total += amount
        row = (
            (90, made_up.digits(made, 6)),
            (300, made.choice(("学费", "住宿费", "考试报名费"))),
            (710, "元"),
            (870, "1"),
        )
        for x, text in row:
            canvas.put(x, 370 + 44 * at, text, 24)
        for x in (1080, 1320):
            canvas.put(x, 370 + 44 * at, made_up.money(amount), 24, anchor="ra")
    _foot(canvas, made, total, f"{made.choice(('云岭', '青禾'))}市实验中学", [])
    return canvas.paper("invoice")


KINDS = {"medical": medical, "fees": fees}
