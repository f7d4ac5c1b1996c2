"""Identity cards (both sides), bank cards, business licences and train tickets."""

import random
from datetime import date

from tests.benchmarks.papers import made_up
from tests.benchmarks.papers.canvas import Canvas, Ink, Paper

_ETHNICITIES = "汉", "汉", "汉", "满", "回", "壮", "蒙古", "维吾尔"
_BLUE: Ink = (40, 90, 150)
_STATIONS = (("云岭南", "Yunlingnan"), ("青禾", "Qinghe"), ("石桥东", "Shiqiaodong"), ("白鹭西", "Bailuxi"))
_SEATS = "二等座", "一等座", "商务座", "硬座", "硬卧", "软卧"


def id_card_front(made: random.Random) -> Paper:
    canvas = Canvas(1012, 638, (236, 242, 246))
    birth, male, home = made_up.day(made, 1950, 2006), made.random() < 0.5, made_up.long_address(made)
    canvas.fields.update({
        "name": made_up.person(made), "sex": "男" if male else "女", "ethnicity": made.choice(_ETHNICITIES),
        "birth_date": birth.isoformat(), "address": home, "id_number": made_up.id_number(made, birth, male=male),
    })  # fmt: skip
    fields = canvas.fields
    put = canvas.put
    put(60, 70, "姓 名", 28, _BLUE)
    put(180, 62, fields["name"], 40)
    put(60, 148, "性 别", 28, _BLUE)
    put(180, 143, fields["sex"], 34)
    put(300, 148, "民 族", 28, _BLUE)
    put(410, 143, fields["ethnicity"], 34)
    put(60, 226, "出 生", 28, _BLUE)
    for x, number, label in ((180, birth.year, "年"), (350, birth.month, "月"), (450, birth.day, "日")):
        put(x, 221, str(number), 34)
        put(x + (90 if label == "年" else 50), 226, label, 28, _BLUE)
    put(60, 304, "住 址", 28, _BLUE)
    for at in range(0, len(home), 11):
        put(180, 299 + 46 * (at // 11), home[at : at + 11], 34)
    canvas.draw.ellipse((720, 110, 880, 300), fill=(150, 130, 120))
    put(60, 545, "公民身份号码", 28, _BLUE)
    put(350, 538, fields["id_number"], 40, latin=True)
    return canvas.paper("id_card")


def id_card_back(made: random.Random) -> Paper:
    canvas = Canvas(1012, 638, (236, 242, 246))
    first = made_up.day(made, 2008, 2022)
    years = made.choice((5, 10, 20, 0))
    last = first.replace(year=first.year + years, day=min(first.day, 28)) if years else None
    ends = f"{last:%Y.%m.%d}" if last else "长期"
    canvas.fields.update({
        "issuing_authority": f"{made.choice(('云岭', '青禾', '石桥'))}市公安局{made.choice(('', '城南分局'))}",
        "valid_from": first.isoformat(), "valid_until": last.isoformat() if last else "长期",
    })  # fmt: skip
    canvas.put(360, 90, "中华人民共和国", 50)
    canvas.put(330, 190, "居 民 身 份 证", 62)
    canvas.put(220, 458, "签发机关", 30)
    canvas.put(400, 455, canvas.fields["issuing_authority"], 34)
    canvas.put(220, 538, "有效期限", 30)
    canvas.put(400, 535, f"{first:%Y.%m.%d}-{ends}", 34)
    return canvas.paper("id_card")


def bank_card(made: random.Random) -> Paper:
    canvas = Canvas(1012, 638, made.choice(((40, 70, 120), (150, 40, 40), (210, 200, 180))))
    ink = (240, 240, 240) if canvas_is_dark(canvas) else (40, 40, 40)
    length = made.choice((16, 19))
    number = made_up.card_number(made, length)
    groups = [number[at : at + 4] for at in range(0, length, 4)] if made.random() < 0.7 else [number[:6], number[6:]]
    debit = length == 19
    canvas.fields.update({"card_number": number, "card_type": "debit" if debit else "credit"})
    canvas.fields["bank_name"] = f"{made.choice(('云岭', '青禾', '石桥', '白鹭'))}银行"
    canvas.put(70, 60, canvas.fields["bank_name"], 52, ink)
    canvas.put(800, 75, "借记卡" if debit else "信用卡", 34, ink)
    canvas.put(80, 330, " ".join(groups), 58, ink, latin=True)
    canvas.put(780, 540, "银联 UnionPay", 26, ink)
    if not debit:
        month, year = made.randint(1, 12), made.randint(26, 34)
        canvas.fields["valid_date"] = f"20{year}-{month:02}"
        canvas.put(330, 440, "VALID THRU", 20, ink, latin=True)
        canvas.put(480, 432, f"{month:02}/{year}", 34, ink, latin=True)
        canvas.fields["holder_name"] = made.choice(("LIN YUAN", "ZHAO MINGDE", "SHEN YAQIN", "WU JIANGUO"))
        canvas.put(80, 540, canvas.fields["holder_name"], 34, ink, latin=True)
    return canvas.paper("bank_card")


def canvas_is_dark(canvas: Canvas) -> bool:
    return sum(canvas.color) < 384


def business_license(made: random.Random) -> Paper:
    canvas = Canvas(1700, 1200, (250, 247, 236))
    founded = made_up.day(made, 1999, 2023)
    fields = canvas.fields
    fields.update({
        "credit_code": made_up.credit_code(made), "company_name": made_up.company(made),
        "company_type": made.choice(("有限责任公司(自然人独资)", "有限责任公司", "股份有限公司(非上市)")),
        "legal_representative": made_up.person(made), "established_date": founded.isoformat(),
        "registered_capital": f"{made.choice(('壹佰', '伍佰', '壹仟'))}万元整", "address": made_up.long_address(made),
        "business_term": made.choice(("长期", f"{founded:%Y年%m月%d日}至{founded.year + 30}年{founded:%m月%d日}")),
    })  # fmt: skip
    scope = (
        "文具、办公用品、电子产品的销售；技术咨询服务；货物进出口。"
        "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
    )
    fields["business_scope"] = scope
    canvas.put(850, 170, "营业执照", 90, anchor="mm")
    canvas.put(850, 260, "（副 本）", 34, anchor="mm")
    canvas.put(140, 190, "统一社会信用代码", 28)
    canvas.put(140, 235, fields["credit_code"], 34, latin=True)
    left = (("名　　称", "company_name"), ("类　　型", "company_type"), ("法定代表人", "legal_representative"))
    for at, (label, name) in enumerate(left):
        canvas.put(140, 360 + 80 * at, label, 30)
        canvas.put(330, 360 + 80 * at, fields[name], 30)
    canvas.put(140, 600, "经营范围", 30)
    for at in range(0, len(scope), 17):
        canvas.put(330, 600 + 44 * (at // 17), scope[at : at + 17], 28)
    right = (
        ("注册资本", fields["registered_capital"]), ("成立日期", f"{founded:%Y年%m月%d日}"),
        ("营业期限", fields["business_term"]), ("住　　所", fields["address"]),
    )  # fmt: skip
    for at, (label, value) in enumerate(right):
        canvas.put(930, 360 + 80 * at, label, 30)
        for part in range(0, len(value), 19):
            canvas.put(1090, 360 + 80 * at + 40 * (part // 19), value[part : part + 19], 28)
    canvas.put(1180, 960, "登记机关", 40)
    issued = date(founded.year + 1, founded.month, min(founded.day, 28))
    fields["approval_date"] = issued.isoformat()
    canvas.put(1180, 1060, f"{issued:%Y 年 %m 月 %d 日}", 32)
    return canvas.paper("business_license")


def train_ticket(made: random.Random) -> Paper:
    canvas = Canvas(1100, 700, (208, 226, 240))
    (origin, origin_latin), (target, target_latin) = made.sample(_STATIONS, 2)
    travelled, number = made_up.day(made, 2015), made_up.digits(made, 6)
    birth = made_up.day(made, 1950, 2006)
    identity = made_up.id_number(made, birth, male=True)
    fields = canvas.fields
    ticket = f"{made.choice('ABCDEFGHK')}{number}"
    fields.update({
        "ticket_number": ticket, "departure_station": f"{origin}站",
        "arrival_station": f"{target}站", "train_number": f"{made.choice('GDCZTK')}{made.randint(1, 9999)}",
        "departure_date": travelled.isoformat(), "departure_time": f"{made.randint(0, 23):02}:{made.randint(0, 59):02}",
        "seat": f"{made.randint(1, 16):02}车{made.randint(1, 20):02}{made.choice('ABCDF')}号",
        "fare": f"{made.randint(10, 1800)}.{made.choice('05')}", "seat_class": made.choice(_SEATS),
        "id_number": f"{identity[:10]}****{identity[14:]}", "passenger_name": made_up.person(made),
        "serial_number": made_up.digits(made, 14) + ticket,
    })  # fmt: skip
    put = canvas.put
    put(80, 40, fields["ticket_number"], 40, (200, 60, 60), latin=True)
    put(760, 50, f"检票:{made.randint(1, 30)}{made.choice('AB')}", 32)
    put(110, 115, fields["departure_station"], 46)
    put(550, 120, fields["train_number"], 46, latin=True, anchor="ma")
    put(760, 115, fields["arrival_station"], 46)
    put(120, 180, origin_latin, 28, latin=True)
    put(770, 180, target_latin, 28, latin=True)
    put(90, 235, f"{travelled:%Y年%m月%d日}{fields['departure_time']}开", 34)
    put(690, 235, fields["seat"], 34)
    put(90, 295, f"¥{fields['fare']}元", 34)
    put(700, 295, fields["seat_class"], 34)
    put(90, 355, "限乘当日当次车", 30)
    put(90, 430, f"{fields['id_number']} {fields['passenger_name']}", 34)
    put(140, 510, "买票请到12306 发货请到95306", 26)
    put(160, 550, "中国铁路祝您旅途愉快", 26)
    put(80, 640, f"{fields['serial_number']} {origin}售", 28)
    return canvas.paper("train_ticket")
