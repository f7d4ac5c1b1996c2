"""Pages with private numbers drawn on them, and where each of them stands."""

import random
from pathlib import Path

from msgspec import Struct
from PIL import Image, ImageDraw

from tests.support.documents.cards import font

_SIZE = 1654, 2339  # A4 at 200 dpi
_FILLERS = (
    "本合同自双方签字之日起生效", "The survey of the northern harbour", "项目编号 2024-0017 共三份",
    "Total amount 12,345,678.90 yuan", "订单号 20240506113000123", "Invoice 24990000000000000017",
)  # fmt: skip


class DrawnNumber(Struct, frozen=True):
    """A private number: what it is, its characters, and the boxes of its parts in pixels of the page."""

    kind: str
    value: str
    boxes: tuple[tuple[float, float, float, float], ...]


def id_number(chance: random.Random) -> str:
    body = f"{chance.choice((110101, 310115, 440305, 510104))}{chance.randint(1950, 2010)}"
    body += f"{chance.randint(1, 12):02}{chance.randint(1, 28):02}{chance.randint(0, 999):03}"
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def bank_card(chance: random.Random) -> str:
    body = chance.choice(("622202", "621700", "411111", "552233", "955880"))
    body += "".join(chance.choices("0123456789", k=(18 if body[0] in "69" else 15) - len(body)))
    for check in "0123456789":
        number = body + check
        if sum(sum(divmod(int(one) * (1 + at % 2), 10)) for at, one in enumerate(reversed(number))) % 10 == 0:
            return number
    raise AssertionError


def phone(chance: random.Random) -> str:
    return f"1{chance.choice((38, 59, 86, 77))}{chance.randint(0, 99_999_999):08}"


def email(chance: random.Random) -> str:
    name = "".join(chance.choices("abcdefghjkmnpqrstuvwxyz", k=7))
    return f"{name}{chance.randint(10, 99)}@{chance.choice(('example.org', 'mail.example.com'))}"


_MAKERS = {"id_number": id_number, "bank_card": bank_card, "phone": phone, "email": email}
_LABELS = {
    "id_number": ("身份证号码：", "公民身份号码 ", "ID No. ", ""),
    "bank_card": ("银行卡号：", "Card number: ", "账号 ", ""),
    "phone": ("联系电话：", "Tel: ", "手机 ", ""), "email": ("邮箱：", "E-mail: ", "", ""),
}  # fmt: skip


def draw_private(chance: random.Random) -> tuple[Image.Image, list[DrawnNumber]]:
    """Return a page of lines, of which some have a private number: whole, in groups of four, or over two lines."""
    page = Image.new("L", _SIZE, 255)
    pen, face = ImageDraw.Draw(page), font(34)
    numbers = []
    top = 160
    for row in range(14):
        if row % 2:
            pen.text((150, top), chance.choice(_FILLERS), fill=0, font=face)
        else:
            kind = list(_MAKERS)[row // 2 % 4]
            value = _MAKERS[kind](chance)
            parts = _parts(kind, value, chance)
            left, boxes = 150.0, []
            label = chance.choice(_LABELS[kind])
            pen.text((left, top), label, fill=0, font=face)
            left += pen.textlength(label, face)
            for part in parts:
                pen.text((left, top), part, fill=0, font=face)
                boxes.append(pen.textbbox((left, top), part, font=face))
                left, top = 150.0, top + (56 if len(parts) > 1 else 0)
            numbers.append(DrawnNumber(kind, value, tuple(boxes)))
        top += 120
    return page, numbers


def _parts(kind: str, value: str, chance: random.Random) -> list[str]:
    way = chance.randrange(4)
    if kind in ("id_number", "bank_card") and way == 0:
        at = chance.randint(6, len(value) - 4)
        return [value[:at], value[at:]]
    if kind == "bank_card" and way < 3:
        return [" ".join(value[at : at + 4] for at in range(0, len(value), 4))]
    if kind == "phone" and way < 2:
        return [f"{value[:3]}{'- '[way]}{value[3:7]}{'- '[way]}{value[7:]}"]
    return [value]


def save_private(folder: Path, count: int, seed: int = 0) -> list[tuple[Path, list[DrawnNumber]]]:
    """Save pages as PNG files."""
    pages = []
    for number in range(count):
        page, numbers = draw_private(random.Random(seed + number))
        path = folder / f"private-{number}.png"
        page.save(path, dpi=(200, 200))
        pages.append((path, numbers))
    return pages
