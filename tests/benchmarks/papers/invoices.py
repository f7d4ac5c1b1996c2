"""VAT invoices: paper ones (special and ordinary), electronic ones, and fully digital ones."""

import random
from datetime import date

from msgspec import Struct

from folio.text.field_values import ITEM_FIELDS
from tests.benchmarks.invoices import in_words
from tests.benchmarks.papers import made_up
from tests.benchmarks.papers.canvas import Canvas, Ink, Paper

KINDS = ("special", "ordinary", "electronic", "digital", "overprinted")
_GOODS = (
    ("*文具*复印纸", "箱", "A4"), ("*仪器*温度计", "支", "WD-20"), ("*食品*绿茶", "盒", "250g"),
    ("*花木*盆栽", "盆", "大号"), ("*餐饮服务*餐费", "次", ""), ("*信息技术服务*软件维护费", "项", ""),
)  # fmt: skip
_COLUMNS = (80, 465, 640, 740, 880, 1090, 1340, 1460, 1720)
_HEADS = "规格型号", "单位", "数量", "单价", "金额", "税率", "税额"


class _Sums(Struct):
    rows: list[tuple[str, ...]]
    amount: int
    tax: int

    def fields(self) -> dict[str, str]:
        total = self.amount + self.tax
        return {
            "amount_without_tax": made_up.money(self.amount), "tax_amount": made_up.money(self.tax),
            "total_amount": made_up.money(total), "total_in_words": in_words(total),
        }  # fmt: skip


def draw(kind: str, made: random.Random) -> Paper:
    if kind == "overprinted":
        return _form("special", made, is_over=True)
    return _digital(made) if kind == "digital" else _form(kind, made)


def _sums(made: random.Random) -> _Sums:
    rows: list[tuple[str, ...]] = []
    amounts, taxes, rate = 0, 0, made.choice((1, 3, 6, 9, 13))
    for item, unit, model in made.sample(_GOODS, made.randint(1, 3)):
        quantity, price = made.randint(1, 60), made.randint(300, 60000)
        tax = round(quantity * price * rate / 100)
        amounts, taxes = amounts + quantity * price, taxes + tax
        texts = (
            item, model, unit, str(quantity), made_up.money(price), made_up.money(quantity * price), f"{rate}%",
            made_up.money(tax),
        )  # fmt: skip
        rows.append(texts)
    return _Sums(rows, amounts, taxes)


def _form(kind: str, made: random.Random, *, is_over: bool = False) -> Paper:
    """Draw a form on paper or an electronic one; `is_over`: printed by needles, onto the rules between the columns."""
    canvas = Canvas(1800, 1200)
    ink = {"special": (122, 74, 40), "ordinary": (60, 84, 150), "electronic": (140, 66, 40)}[kind]
    sums, issued = _sums(made), made_up.day(made)
    fields = canvas.fields
    title = {"special": "增值税专用发票", "ordinary": "增值税普通发票", "electronic": "增值税电子普通发票"}[kind]
    canvas.put(900, 95, f"{made.choice(('云岭', '青禾', '石桥'))}{title}", 50, ink, anchor="mm")
    canvas.seal(900, 100, "", wide=150, high=75)
    if kind != "electronic" and made.random() < 0.7:  # printed later, in another place than the form has for it
        canvas.shift = made.randint(-25, 45), made.randint(-20, 20)
    if is_over:
        canvas.shift, canvas.dot = (made.randint(-30, 40), made.randint(-14, 26)), made.choice((0.0, 3.0, 4.0))
    _numbers(canvas, kind, issued, ink, made)
    _frame(canvas, ink)
    if is_over:
        for x in _COLUMNS[1:-1]:
            canvas.draw.line((x - 10, 400, x - 10, 760), fill=ink, width=2)
    _party(canvas, "buyer", 130, 215, made, ink)
    _party(canvas, "seller", 130, 850, made, ink)
    for y in (235, 275, 315, 355):
        canvas.put(1180, y, "".join(made.choices("0123456789<>+-*/", k=24)), 28, latin=True)
    _items(canvas, sums, 410, ink, "货物或应税劳务、服务名称")
    canvas.put(180, 712, "合　　计", 28, ink)
    canvas.put(1320, 712, f"¥{made_up.money(sums.amount)}", 28, anchor="ra")
    canvas.put(1725, 712, f"¥{made_up.money(sums.tax)}", 28, anchor="ra")
    _total(canvas, sums, 780, ink)
    fields["payee"], fields["reviewer"], fields["drawer"] = (made_up.person(made) for _ in range(3))
    signed = (("payee", 120, "收款人："), ("reviewer", 560, "复核："), ("drawer", 930, "开票人："))
    for name, x, label in signed:
        canvas.put(x, 1100, label, 28, ink)
        canvas.put(x + len(label) * 28 + 10, 1100, fields[name], 28)
    canvas.put(1330, 1100, "销售方：（章）", 28, ink)
    _over(canvas, kind, ink, made)
    return canvas.paper("invoice")


def _frame(canvas: Canvas, ink: Ink) -> None:
    canvas.draw.rectangle((60, 205, 1740, 1080), outline=ink, width=3)
    for y in (400, 760, 840):
        canvas.draw.line((60, y, 1740, y), fill=ink, width=2)
    for at, sign in enumerate("购买方"):
        canvas.put(72, 225 + 56 * at, sign, 30, ink)
    for at, sign in enumerate("销售方"):
        canvas.put(72, 862 + 70 * at, sign, 30, ink)
    for at, sign in enumerate("密码区"):
        canvas.put(1130, 225 + 56 * at, sign, 30, ink)


def _over(canvas: Canvas, kind: str, ink: Ink, made: random.Random) -> None:
    """Write down the edge which copy it is, and stamp it."""
    if made.random() < 0.7:
        canvas.seal(made.randint(1150, 1500), made.randint(920, 1050), "发票专用章")
    if kind != "electronic":
        for at, sign in enumerate(made.choice(("第二联：抵扣联　购买方扣税凭证", "第一联：记账联　销售方记账凭证"))):
            canvas.put(1755, 260 + 42 * at, sign, 24, ink)


def _numbers(canvas: Canvas, kind: str, issued: date, ink: Ink, made: random.Random) -> None:
    fields = canvas.fields
    fields["invoice_number"] = made_up.digits(made, 8)
    fields["invoice_date"] = issued.isoformat()
    shown = f"{issued:%Y年%m月%d日}"
    if kind != "electronic":
        fields["invoice_code"] = "99" + made_up.digits(made, 2) + f"{issued:%y}" + made_up.digits(made, 4)
        canvas.put(130, 75, fields["invoice_code"], 38, latin=True)
        canvas.put(1330, 70, "№", 40, ink)
        canvas.put(1390, 75, fields["invoice_number"], 38, (40, 50, 120), latin=True)
        canvas.put(1620, 60, fields["invoice_code"], 18, latin=True)
        canvas.put(1620, 85, fields["invoice_number"], 18, latin=True)
        canvas.put(1330, 150, "开票日期：", 28, ink)
        canvas.put(1480, 150, shown, 28)
        return
    fields["invoice_code"] = f"09900{issued:%y}00{made.randint(100, 999)}"
    fields["machine_number"], fields["check_code"] = made_up.digits(made, 12), made_up.digits(made, 20)
    canvas.put(70, 150, "机器编号：", 28, ink)
    canvas.put(215, 150, fields["machine_number"], 28)
    grouped = " ".join(fields["check_code"][at : at + 5] for at in range(0, 20, 5))
    rows = (
        ("发票代码：", fields["invoice_code"]), ("发票号码：", fields["invoice_number"]), ("开票日期：", shown),
        ("校 验 码：", grouped),
    )  # fmt: skip
    for at, (label, value) in enumerate(rows):
        canvas.put(1280, 30 + 42 * at, label, 28, ink)
        canvas.put(1435, 30 + 42 * at, value, 28)


def _party(canvas: Canvas, who: str, x: int, y: int, made: random.Random, ink: Ink) -> None:
    fields = canvas.fields
    fields[f"{who}_name"], fields[f"{who}_tax_id"] = made_up.company(made), made_up.credit_code(made)
    step, gap = (46, 230) if who == "buyer" else (55, 230)
    values = [fields[f"{who}_name"], fields[f"{who}_tax_id"]]
    if who == "seller" or made.random() < 0.6:
        fields[f"{who}_address_phone"] = f"{made_up.address(made)} {made_up.phone(made)}"
        fields[f"{who}_bank_account"] = f"{made.choice(('云岭', '青禾'))}银行城南支行 {made_up.digits(made, 16)}"
        values += [fields[f"{who}_address_phone"], fields[f"{who}_bank_account"]]
    labels = "名　　　　称：", "纳税人识别号：", "地 址、电 话：", "开户行及账号："
    for at, label in enumerate(labels):
        canvas.put(x, y + step * at, label, 28, ink)
        if at < len(values):
            canvas.put(x + gap, y + step * at, values[at], 28)


def _items(canvas: Canvas, sums: _Sums, y: int, ink: Ink, first: str) -> None:
    for edge, text in zip(_COLUMNS, (first, *_HEADS), strict=False):
        canvas.put(edge + 10, y, text, 26, ink)
    for number, row in enumerate(sums.rows):
        canvas.items.append({name: text for name, text in zip(ITEM_FIELDS, row, strict=True) if text})
        for at, text in enumerate(row):
            if at < 3:
                canvas.put(_COLUMNS[at] + 5, y + 45 + 42 * number, text, 26)
            else:
                canvas.put(_COLUMNS[at + 1] - 15, y + 45 + 42 * number, text, 26, anchor="ra")


def _total(canvas: Canvas, sums: _Sums, y: int, ink: Ink) -> None:
    canvas.fields.update(sums.fields())
    canvas.put(130, y, "价税合计（大写）", 28, ink)
    right, down = canvas.shift  # it is printed with the total; fonts have no sign for it
    canvas.draw.ellipse((480 + right, y + 2 + down, 506 + right, y + 28 + down), outline=(35, 35, 50), width=2)
    for rise in (0, 18):
        ends = (484 + right, y + 6 + rise + down, 502 + right, y + 24 - rise + down)
        canvas.draw.line(ends, fill=(35, 35, 50), width=2)
    canvas.put(512, y, canvas.fields["total_in_words"], 30)
    canvas.put(1240, y, "（小写）", 28, ink)
    canvas.put(1370, y, f"¥{canvas.fields['total_amount']}", 30)


def _digital(made: random.Random) -> Paper:
    canvas = Canvas(1800, 1170)
    ink = (130, 60, 50)
    sums, issued = _sums(made), made_up.day(made, 2022)
    fields = canvas.fields
    title = made.choice(("电子发票（普通发票）", "电子发票（增值税专用发票）"))
    canvas.put(900, 90, title, 48, ink, anchor="mm")
    fields["invoice_number"] = f"{issued:%y}99" + made_up.digits(made, 16)
    fields["invoice_date"] = issued.isoformat()
    for y, label, value in (
        (60, "发票号码：", fields["invoice_number"]),
        (115, "开票日期：", f"{issued:%Y年%m月%d日}"),
    ):
        canvas.put(1230, y, label, 28, ink)
        canvas.put(1375, y, value, 28)
    canvas.draw.rectangle((60, 200, 1740, 1050), outline=ink, width=2)
    for who, x, sides in (("buyer", 70, "购买方信息"), ("seller", 910, "销售方信息")):
        for at, sign in enumerate(sides):
            canvas.put(x, 206 + 29 * at, sign, 24, ink)
        fields[f"{who}_name"], fields[f"{who}_tax_id"] = made_up.company(made), made_up.credit_code(made)
        canvas.put(x + 60, 220, "名称：", 26, ink)
        canvas.put(x + 145, 220, fields[f"{who}_name"], 26)
        canvas.put(x + 60, 300, "统一社会信用代码/纳税人识别号：", 24, ink)
        canvas.put(x + 445, 300, fields[f"{who}_tax_id"], 26)
    canvas.draw.line((60, 355, 1740, 355), fill=ink, width=2)
    _items(canvas, sums, 365, ink, "项目名称")
    canvas.put(180, 712, "合　　计", 28, ink)
    canvas.put(1320, 712, f"¥{made_up.money(sums.amount)}", 28, anchor="ra")
    canvas.put(1725, 712, f"¥{made_up.money(sums.tax)}", 28, anchor="ra")
    canvas.draw.line((60, 765, 1740, 765), fill=ink, width=2)
    _total(canvas, sums, 785, ink)
    canvas.draw.line((60, 845, 1740, 845), fill=ink, width=2)
    for at, sign in enumerate("备注"):
        canvas.put(72, 880 + 70 * at, sign, 26, ink)
    fields["drawer"] = made_up.person(made)
    canvas.put(160, 1080, "开票人：", 28, ink)
    canvas.put(275, 1080, fields["drawer"], 28)
    return canvas.paper("invoice")
