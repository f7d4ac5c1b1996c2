"""Chinese VAT invoices, drawn and "photographed": `python -m tests.benchmarks.invoices FOLDER [--count N]`.

Names, numbers and amounts are made up; region codes of tax numbers (99) and of invoices (9) are not assigned. Writes an
image of each, and `index.jsonl`: `file`, `kind`, `photo`, `text`, `fields` and `boxes` (of each field four corners, in
pixels of the image, clockwise from the top left). The same seed draws the same invoices. Needs a Chinese font.
"""

import argparse
import json
import math
import random
import subprocess
from pathlib import Path

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

type Color = NDArray[np.uint8]  # height x width x 3
type Corners = tuple[tuple[float, float], ...]

KINDS = {"special": "增值税专用发票", "ordinary": "增值税普通发票", "digital": "电子发票（普通发票）"}
SIZE = (1800, 1170)
_INK = {"special": (122, 74, 40), "ordinary": (60, 84, 150), "digital": (130, 60, 50)}
_PLACES = "云岭", "青禾", "石桥", "白鹭", "松涛", "南屏"
_TRADES = "文具", "仪器", "食品", "建材", "印务", "花木"
_GOODS = (
    ("*文具*复印纸", "箱", "A4"),
    ("*仪器*温度计", "支", "WD-20"),
    ("*食品*绿茶", "盒", "250g"),
    ("*花木*盆栽", "盆", "大号"),
)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"


class Invoice(Struct, frozen=True):
    """A drawn one; `boxes` are corners of each field in the image's pixels."""

    kind: str
    image: Color
    fields: dict[str, str]
    boxes: dict[str, Corners]


def draw(kind: str, seed: int) -> Invoice:
    """Draw the form of a kind, filled in."""
    made = random.Random(seed)
    fields = _fields(kind, made)
    image = Image.new("RGB", SIZE, (252, 251, 246))
    canvas = ImageDraw.Draw(image)
    _form(canvas, kind)
    boxes: dict[str, Corners] = {}
    for name, (x, y, height) in _PLACES_OF.items():
        if name in fields:
            font = _font(height)
            canvas.text((x, y), fields[name], font=font, fill=(35, 35, 50))
            left, top, right, bottom = canvas.textbbox((x, y), fields[name], font=font)
            boxes[name] = ((left, top), (right, top), (right, bottom), (left, bottom))
    if kind != "digital" and made.random() < 0.5:
        canvas.ellipse((1330, 900, 1620, 1080), outline=(205, 50, 50), width=5)  # beside the fields
        canvas.text((1375, 965), "发票专用章", font=_font(40), fill=(205, 50, 50))
    return Invoice(kind, np.asarray(image)[..., ::-1].copy(), fields, boxes)


def photograph(invoice: Invoice, seed: int) -> Invoice:
    """Show it on a desk: curled, seen at an angle, in a shadow, with noise."""
    made = np.random.default_rng(seed)
    height, width = invoice.image.shape[:2]
    rise, edge = float(made.uniform(-35, 35)), 150
    square = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    seen = (square + edge + made.uniform(-60, 60, (4, 2))).astype(np.float32)
    forward = cv2.getPerspectiveTransform(square, seen)
    rows, columns = np.mgrid[0 : height + 2 * edge, 0 : width + 2 * edge].astype(np.float32)
    flat = cv2.perspectiveTransform(np.stack([columns, rows], -1), np.linalg.inv(forward))
    bent = flat[..., 1] - rise * np.sin(np.pi * np.clip(flat[..., 0] / width, 0, 1))
    desk = made.normal(95, 9, (*rows.shape, 3)) + 25 * np.sin(rows / 17)[..., None]
    sheet = cv2.remap(
        invoice.image, flat[..., 0], bent.astype(np.float32), interpolation=cv2.INTER_LINEAR, borderValue=(-1,) * 3
    )
    inside = (flat[..., 0] >= 0) & (flat[..., 0] < width) & (bent >= 0) & (bent < height)
    shown = np.where(inside[..., None], sheet, desk)
    angle = float(made.uniform(0, 2 * math.pi))
    along = columns / width * math.cos(angle) + rows / height * math.sin(angle)
    light = 0.95 - 0.4 / (1 + np.exp(-12 * (along - float(np.median(along)))))
    noisy = shown * light[..., None] + made.normal(0, 5, shown.shape)
    image = cv2.GaussianBlur(np.clip(noisy, 0, 255).astype(np.uint8), (0, 0), 0.7)

    def moved(corners: Corners) -> Corners:
        curled = [(x, y + rise * math.sin(math.pi * x / width)) for x, y in corners]
        points = cv2.perspectiveTransform(np.array([curled], np.float32), forward)[0]
        return tuple((round(float(x), 1), round(float(y), 1)) for x, y in points)

    boxes = {name: moved(corners) for name, corners in invoice.boxes.items()}
    return Invoice(invoice.kind, np.asarray(image, np.uint8), invoice.fields, boxes)


# Left, top and height of the characters, in pixels.
_PLACES_OF = {
    "code": (90, 70, 34), "number": (1330, 70, 34), "date": (1330, 125, 30),
    "buyer": (360, 232, 30), "buyer_tax_number": (360, 292, 30),
    "seller": (360, 902, 30), "seller_tax_number": (360, 962, 30),
    "item": (90, 445, 30), "model": (480, 445, 30), "unit": (650, 445, 30), "quantity": (760, 445, 30),
    "price": (900, 445, 30), "amount": (1120, 445, 30), "rate": (1350, 445, 30), "tax": (1500, 445, 30),
    "amount_sum": (1120, 715, 30), "tax_sum": (1500, 715, 30), "total_in_words": (480, 792, 32),
    "total": (1400, 792, 32),
}  # fmt: skip


def _fields(kind: str, made: random.Random) -> dict[str, str]:
    quantity, price = made.randint(2, 90), made.randint(300, 90000)
    amount = quantity * price
    tax = round(amount * 0.13)
    item, unit, model = made.choice(_GOODS)
    fields = {
        "number": "".join(made.choices("0123456789", k=20 if kind == "digital" else 8)),
        "date": f"{made.randint(2019, 2025)}年{made.randint(1, 12):02}月{made.randint(1, 28):02}日",
        "item": item, "model": model, "unit": unit, "quantity": str(quantity), "price": _money(price),
        "amount": _money(amount), "rate": "13%", "tax": _money(tax), "amount_sum": f"¥{_money(amount)}",
        "tax_sum": f"¥{_money(tax)}", "total": f"¥{_money(amount + tax)}", "total_in_words": in_words(amount + tax),
    }  # fmt: skip
    if kind != "digital":
        fields["code"] = "9" + "".join(made.choices("0123456789", k=9))
    for who in ("buyer", "seller"):
        fields[who] = f"{made.choice(_PLACES)}{made.choice(_TRADES)}有限公司"
        fields[f"{who}_tax_number"] = "9199" + "".join(made.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=14))
    return fields


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def in_words(cents: int) -> str:
    """Return an amount as it is written out on invoices."""
    yuan, text, is_zero = cents // 100, "", False
    for place, unit in enumerate(reversed(("", "拾", "佰", "仟", "万", "拾", "佰", "仟"))):
        digit = yuan // 10 ** (7 - place) % 10
        if digit:
            text += ("零" if is_zero and text else "") + _DIGITS[digit] + unit
        elif unit == "万" and yuan >= 10000:
            text += unit
        is_zero = not digit
    jiao, fen = cents // 10 % 10, cents % 10
    if not jiao and not fen:
        return text + "圆整"
    return text + "圆" + (_DIGITS[jiao] + "角" if jiao else "零") + (_DIGITS[fen] + "分" if fen else "整")


def _form(canvas: ImageDraw.ImageDraw, kind: str) -> None:
    ink = _INK[kind]
    title = KINDS[kind]
    canvas.text((SIZE[0] / 2, 95), title, font=_font(52), fill=ink, anchor="mm")
    canvas.rectangle((70, 210, 1730, 1080), outline=ink, width=3)
    for y in (370, 420, 765, 850):
        canvas.line((70, y, 1730, y), fill=ink, width=2)
    for x in (465, 635, 745, 885, 1105, 1335, 1485):
        canvas.line((x, 370, x, 765), fill=ink, width=2)
    labels = {
        (90, 236): "购买方 名称：", (90, 296): "纳税人识别号：",
        (90, 906): "销售方 名称：", (90, 966): "纳税人识别号：",
        (90, 382): "货物或应税劳务名称", (490, 382): "规格型号", (655, 382): "单位", (765, 382): "数量",
        (905, 382): "单价", (1125, 382): "金额", (1345, 382): "税率", (1500, 382): "税额", (90, 718): "合计",
        (90, 795): "价税合计（大写）", (1250, 795): "（小写）",
    }  # fmt: skip
    for place, label in labels.items():
        canvas.text(place, label, font=_font(26), fill=ink)


def _font(height: int) -> ImageFont.FreeTypeFont:
    asked = ["fc-match", "-f", "%{file}", ":lang=zh-cn"]
    return ImageFont.truetype(subprocess.run(asked, check=True, capture_output=True, text=True).stdout, height)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=4, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for kind in KINDS:
        for number in range(asked.seed, asked.seed + asked.count):
            flat = draw(kind, number)
            for photo, shown in ((False, flat), (True, photograph(flat, number))):
                name = f"{kind}-{number}{'-photo' if photo else ''}.png"
                cv2.imwrite(str(asked.folder / name), shown.image)
                rows.append({
                    "file": name, "id": Path(name).stem, "lang": "chi_sim", "kind": kind, "photo": photo,
                    "text": "\n".join(shown.fields.values()), "fields": shown.fields, "boxes": shown.boxes,
                })  # fmt: skip
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (asked.folder / "index.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
