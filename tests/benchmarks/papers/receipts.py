"""Till receipts in English, with items, tax and change that add up, and in Chinese."""

import random
from datetime import date

from tests.benchmarks.papers import made_up
from tests.benchmarks.papers.canvas import Canvas, Paper

_SHOPS = (
    "GREEN VALLEY MART SDN BHD",
    "HILLSIDE BAKERY LTD",
    "NORTH QUAY STORES",
    "RIVERSIDE PHARMACY PLT",
    "THE COPPER POT",
)
_CHINESE_SHOPS = "华联超市", "便利店", "老灶火锅", "新华书店", "大药房"
_GOODS = "MILK 1L", "BREAD WHOLEMEAL", "AA BATTERIES", "GREEN TEA 250G", "CHICKEN RICE", "USB CABLE", "SOAP BAR"
_TOTALS = "TOTAL", "GRAND TOTAL", "TOTAL AMOUNT", "NET TOTAL", "TOTAL (INCL. TAX)"
_HOWS = "plain", "columns", "below", "before"  # what was bought
_DATES = "%d/%m/%Y", "%d-%m-%Y", "%d %b %Y", "%Y-%m-%d"


def draw(made: random.Random) -> Paper:
    canvas, y = Canvas(800, 1300, (250, 250, 248)), 40
    sold = made_up.day(made)
    bought = [(made.randint(1, 4), made.randint(50, 9000)) for _ in range(made.randint(1, 6))]
    subtotal = sum(quantity * price for quantity, price in bought)
    tax = round(subtotal * 0.06)
    total, sign = subtotal + tax, made.choice(("", "RM ", "£"))
    seller = made.choice(_SHOPS)
    canvas.fields.update({
        "seller_name": seller, "invoice_date": sold.isoformat(), "total_amount": made_up.money(total),
        "tax_amount": made_up.money(tax), "amount_without_tax": made_up.money(subtotal),
    })  # fmt: skip
    place = f"{made.randint(1, 99)}, MILL LANE, {made.randint(10000, 99999)} HARBOUR TOWN"
    for text in (
        seller,
        place,
        f"TEL: 03-{made_up.digits(made, 8)}",
        f"GST ID: {made_up.digits(made, 12)}",
        "TAX INVOICE",
    ):
        canvas.put(400, y, text, 28, latin=True, anchor="ma")
        y += 44
    y = _head(canvas, y + 20, sold, made)
    how = made.choice(_HOWS)
    if how == "columns":
        y = _columns(canvas, y, "DESCRIPTION", "QTY", "PRICE", "AMOUNT")
    for name, (quantity, price) in zip(made.choices(_GOODS, k=len(bought)), bought, strict=True):
        y = _item(canvas, y, how, name, quantity, price)
    y += 20
    for label, cents in (("SUBTOTAL", subtotal), ("GST 6%", tax), (made.choice(_TOTALS), total)):
        y = _row(canvas, y, label, sign + made_up.money(cents))
    paid = -(-total // 1000) * 1000
    for label, cents in (("CASH", paid), ("CHANGE", paid - total)):
        y = _row(canvas, y, label, made_up.money(cents))
    canvas.put(400, y + 40, "THANK YOU, PLEASE COME AGAIN", 26, latin=True, anchor="ma")
    return canvas.paper("receipt")


def draw_chinese(made: random.Random) -> Paper:
    canvas, sold = Canvas(640, 1300, (250, 250, 248)), made_up.day(made)
    bought = [(made.randint(1, 4), made.randint(50, 9000)) for _ in range(made.randint(1, 6))]
    total = sum(quantity * price for quantity, price in bought)
    cut = total // 100 * 10 if made.random() < 0.4 else 0  # taken off, after the sum
    number = f"{sold:%Y%m%d}{made_up.digits(made, 6)}"
    seller = made.choice(("云岭", "青禾", "石桥")) + made.choice(_CHINESE_SHOPS)
    canvas.fields.update({
        "seller_name": seller, "invoice_date": sold.isoformat(), "invoice_number": number,
        "total_amount": made_up.money(total - cut),
    })  # fmt: skip
    canvas.put(320, 40, seller, 36, anchor="ma")
    canvas.put(320, 90, made.choice(("欢迎光临", "结账单", "销售小票")), 26, anchor="ma")
    clock = f"{made.randint(8, 21):02}:{made.randint(0, 59):02}:{made.randint(0, 59):02}"
    label = made.choice(("小票号：", "流水号：", "单号："))
    head = f"{label}{number}", f"日期：{sold:%Y-%m-%d} {clock}", f"收银员：{made_up.digits(made, 4)}"
    for at, text in enumerate(head):
        canvas.put(40, 154 + 44 * at, text, 24)
    y = _goods(canvas, 302, bought, made)
    sums = [(made.choice(("合计：", "总计：", "消费合计：")), total)]
    if cut or made.random() < 0.5:
        sums += [("优惠：", cut), ("应收：", total - cut)]
    paid = -(-(total - cut) // 1000) * 1000
    for text, cents in (*sums, ("实收：", paid), ("找零：", paid - total + cut)):
        y += 46
        canvas.put(40, y, text, 26)
        canvas.put(610, y, f"{made.choice(('', '￥'))}{made_up.money(cents)}", 26, anchor="ra")
    canvas.put(320, y + 70, "谢谢惠顾 请保留小票", 24, anchor="ma")
    return canvas.paper("receipt")


def _goods(canvas: Canvas, y: int, bought: list[tuple[int, int]], made: random.Random) -> int:
    """Write what was bought at a till in China; return where it ends."""
    for x, text in ((40, "品名"), (330, "数量"), (430, "单价"), (550, "金额")):
        canvas.put(x, y, text, 24)
    for quantity, price in bought:
        y += 44
        canvas.put(40, y, made.choice(("纯牛奶250ml", "牛肉面", "中性笔", "毛肚", "感冒颗粒")), 24)
        for x, text in ((370, str(quantity)), (490, made_up.money(price)), (610, made_up.money(quantity * price))):
            canvas.put(x, y, text, 24, anchor="ra")
    return y


def _item(canvas: Canvas, y: int, how: str, name: str, quantity: int, price: int) -> int:
    """Write what was bought: in columns, with its count below it, with its count before it, or without."""
    each, amount = made_up.money(price), made_up.money(quantity * price)
    item = {"item_name": name, "item_quantity": str(quantity), "item_unit_price": each, "item_amount": amount}
    if how == "plain":
        item = {"item_name": name, "item_amount": amount}
        y = _row(canvas, y, name, amount)
    elif how == "below":
        canvas.put(60, y, name, 28, latin=True)
        y = _row(canvas, y + 46, f"  {quantity} x {each}", amount)
    elif how == "before":
        y = _columns(canvas, y, f"{quantity} {name}", "", each, amount)
    else:
        y = _columns(canvas, y, name, str(quantity), each, amount)
    canvas.items.append(item)
    return y


def _columns(canvas: Canvas, y: int, name: str, quantity: str, price: str, amount: str) -> int:
    canvas.put(60, y, name, 26, latin=True)
    for x, text in ((450, quantity), (590, price), (740, amount)):
        if text:
            canvas.put(x, y, text, 26, latin=True, anchor="ra")
    return y + 46


def _head(canvas: Canvas, y: int, sold: date, made: random.Random) -> int:
    canvas.put(60, y, f"Invoice No: CS{made_up.digits(made, 6)}", 26, latin=True)
    shown = f"{sold:{made.choice(_DATES)}}"
    canvas.put(60, y + 42, f"Date: {shown}  {made.randint(8, 21):02}:{made.randint(0, 59):02}", 26, latin=True)
    return y + 110


def _row(canvas: Canvas, y: int, label: str, value: str) -> int:
    canvas.put(60, y, label, 28, latin=True)
    canvas.put(740, y, value, 28, latin=True, anchor="ra")
    return y + 46
