"""Specimens of cards and papers, drawn together with the truth about them; every name and number is invented."""

import functools
import io
import subprocess
from collections.abc import Sequence
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from tests.fakes.cloud.reading import Box

type Specimen = tuple[Image.Image, dict[str, str], dict[str, Box]]
type Side = Literal["front", "back"]

TABLE = (
    ("品名", "数量", "单价", "金额"),
    ("铅笔", "120", "2.50", "300.00"),
    ("笔记本", "45", "8.80", "396.00"),
    ("文件夹", "30", "6.20", "186.00"),
)


@functools.cache
def font(size: int) -> ImageFont.FreeTypeFont:
    found = subprocess.run(["fc-match", "-f", "%{file}", ":lang=zh-cn"], capture_output=True, text=True, check=True)
    return ImageFont.truetype(found.stdout, size)


class _Sheet:
    """A white picture that remembers where it wrote which value."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.values: dict[str, str] = {}
        self.boxes: dict[str, Box] = {}

    def write(self, x: int, y: int, text: str, size: int = 40) -> Box:
        self.draw.text((x, y), text, "black", font(size))
        left, top, right, bottom = self.draw.textbbox((x, y), text, font(size))
        return int(left), int(top), int(right), int(bottom)

    def value(self, name: str, x: int, y: int, text: str, size: int = 40) -> None:
        self.values[name] = text
        self.boxes[name] = self.write(x, y, text, size)

    def field(self, name: str, at: tuple[int, int], label: str, text: str, *, gap: int = 30, size: int = 40) -> None:
        """A label and its value on one line."""
        x, y = at
        self.value(name, self.write(x, y, label, size)[2] + gap, y, text, size)

    def done(self) -> Specimen:
        return self.image, self.values, self.boxes


def lines(*texts: str) -> Specimen:
    """A page of text, one value a line, named by its number."""
    sheet = _Sheet(1400, 160 + 110 * len(texts))
    for number, text in enumerate(texts):
        sheet.value(str(number), 80, 60 + 110 * number, text, 48)
    return sheet.done()


def blank() -> Image.Image:
    return Image.new("RGB", (1000, 700), "white")


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def id_card(side: Side = "front") -> Specimen:
    return _front() if side == "front" else _back()


def _front() -> Specimen:
    sheet = _Sheet(1300, 820)
    sheet.field("name", (80, 80), "姓名", "王晓明")
    sheet.field("sex", (80, 180), "性别", "男")
    sheet.field("ethnicity", (400, 180), "民族", "汉")
    sheet.field("birth_date", (80, 280), "出生", "1990年7月15日")
    sheet.field("address", (80, 380), "住址", "河湾市东城区中山路18号")
    sheet.field("id_number", (80, 640), "公民身份号码", "990101199007151015", gap=60)
    sheet.draw.ellipse((980, 120, 1180, 340), outline="gray", width=6)
    return sheet.done()


def _back() -> Specimen:
    sheet = _Sheet(1300, 820)
    sheet.write(420, 90, "中华人民共和国", 60)
    sheet.write(420, 220, "居民身份证", 80)
    sheet.field("issuing_authority", (220, 560), "签发机关", "河湾市公安局东城分局", gap=40)
    x = sheet.write(220, 680, "有效期限")[2] + 40
    sheet.value("valid_from", x, 680, "2018.03.09")
    dash = sheet.write(sheet.boxes["valid_from"][2] + 4, 680, "-")
    sheet.value("valid_until", dash[2] + 4, 680, "2038.03.09")
    return sheet.done()


def bank_card() -> Specimen:
    sheet = _Sheet(1300, 820)
    sheet.value("bank_name", 90, 80, "河湾银行", 60)
    sheet.value("card_type", 900, 90, "借记卡", 50)
    sheet.value("card_number", 120, 420, "6200 1234 5678 9012 347", 76)
    sheet.field("valid_date", (560, 600), "有效期", "08/29", gap=40)
    return sheet.done()


def vat_invoice() -> Specimen:
    sheet = _Sheet(2000, 1500)
    sheet.write(640, 60, "河湾增值税电子普通发票", 60)
    sheet.field("invoice_code", (80, 180), "发票代码:", "099002000111")
    sheet.field("invoice_number", (1120, 180), "发票号码:", "30715482")
    sheet.field("invoice_date", (80, 270), "开票日期:", "2024年06月10日")
    sheet.field("check_code", (1120, 270), "校验码:", "51840 27396 61520 48137", gap=24)
    sheet.field("buyer_name", (80, 400), "购买方名称:", "河湾市图书馆")
    sheet.field("buyer_tax_id", (80, 480), "购买方纳税人识别号:", "91990100MA7K2X4P6D")
    sheet.write(80, 600, "货物或应税劳务名称")
    sheet.write(800, 600, "金额")
    sheet.write(1180, 600, "税率")
    sheet.write(1500, 600, "税额")
    sheet.write(80, 690, "*纸制品*笔记本")
    sheet.write(800, 690, "503.54")
    sheet.write(1180, 690, "13%")
    sheet.write(1500, 690, "65.46")
    sheet.field("amount_without_tax", (80, 830), "合计金额:", "503.54")
    sheet.field("tax_amount", (1120, 830), "合计税额:", "65.46")
    sheet.field("total_in_words", (80, 930), "价税合计(大写):", "伍佰陆拾玖圆整", size=44)
    sheet.field("total_amount", (1120, 930), "(小写):", "569.00")
    sheet.field("seller_name", (80, 1080), "销售方名称:", "青石文具有限公司")
    sheet.field("seller_tax_id", (80, 1160), "销售方纳税人识别号:", "91990100MA5T6H3N4P")
    return sheet.done()


def table(rows: Sequence[Sequence[str]] = TABLE) -> Specimen:
    """A ruled grid; its values are named "row,column", counted from 0, and their boxes are the cells' own."""
    sheet = _Sheet(1400, 900)
    left, top, width, height = 100, 120, 300, 160
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            x, y = left + column * width, top + number * height
            sheet.draw.rectangle((x, y, x + width, y + height), outline="black", width=4)
            sheet.write(x + 60, y + 52, text, 48)
            sheet.values[f"{number},{column}"] = text
            sheet.boxes[f"{number},{column}"] = (x, y, x + width, y + height)
    return sheet.done()
