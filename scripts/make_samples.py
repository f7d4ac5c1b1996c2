"""Draw Folio's two own documents, tests/data/english.pdf and tests/data/chinese.png.

Run: .venv/bin/python scripts/make_samples.py
Same fonts and same Pillow, same bytes. Everything in them is invented. Fonts are needed here only:
apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core fonts-wqy-zenhei
"""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

TARGET = Path(__file__).resolve().parents[1] / "tests" / "data"
LATIN, LATIN_PACKAGE = "DejaVu Serif", "fonts-dejavu-core"
CHINESE, CHINESE_PACKAGE = "WenQuanYi Zen Hei", "fonts-wqy-zenhei"

DPI = 200
A4 = 1654, 2339
LEFT, TOP = 190, 200

HEADING = "Larkfield Paper & Twine"
LETTER = """\
14 Osier Lane, Larkfield

Invoice 2093
12 March 2024

To: Marlow Lane Bookbinders
3 Weir Street, Oakham

Dear Ms Penrose,

Thank you for your order of 4 March. The goods below left our
warehouse this morning and should reach you by Friday. Please
check the parcels on arrival and tell us within seven days if
anything is missing or damaged.
"""
TABLE = (
    ("Item", "Quantity", "Price", "Amount"),
    ("Linen thread, waxed", "20", "4.50", "90.00"),
    ("Bookcloth, dark green", "5", "18.20", "91.00"),
    ("Grey board, 2 mm", "40", "2.30", "92.00"),
    ("Delivery", "1", "9.00", "9.00"),
    ("Total", "", "", "282.00"),
)
COLUMNS = (0, 560, 800, 1000)
CLOSING = """\
Please pay within thirty days to the account you know, and give
the invoice number. The brown wrapping paper you asked about is
sold out until May; we will write as soon as it is back.

With kind regards,
Henry Ashdown
Accounts
"""

NOTICE_TITLE = "图书馆开放时间通知"
NOTICE = """\
各位读者：
　　因设备检修，本馆阅览室将于6月18日（星期二）上午
9时至12时暂停开放，下午恢复正常。借书、还书请使用
一楼的自助终端，如有问题，请拨打电话5550142，或发送
邮件至desk@library.example。
　　修好以后，无线网络（名称：Reading Room）的速度会
更快。给您带来不便，敬请谅解！
"""
SIGNED = """\
河湾市图书馆
2024年6月10日
"""


def font(family: str, package: str, size: int) -> ImageFont.FreeTypeFont:
    """A font by its family's name; fontconfig answers with another one where it is not installed."""
    command = ["fc-match", "--format=%{family}\n%{file}", family]
    family_found, file = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    if family not in family_found:
        sys.exit(f"The font {family!r} is missing: apt-get install -y --no-install-recommends {package}")
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def scanned(drawn: Image.Image, noise: float) -> Image.Image:
    """Off-white paper, grayish ink and a little grain, as a scanner leaves them; the seed keeps the bytes the same."""
    grain = np.random.RandomState(20240312).normal(0.0, noise, (drawn.height, drawn.width))
    pixels = np.asarray(drawn, dtype=np.float64) * (244 - 38) / 255 + 38 + grain
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def draw_letter() -> Image.Image:
    page = Image.new("L", A4, 255)
    pen = ImageDraw.Draw(page)
    text = font(LATIN, LATIN_PACKAGE, 32)
    pen.text((LEFT, TOP), HEADING, 0, font(LATIN, LATIN_PACKAGE, 54))
    y = TOP + 100
    for line in LETTER.splitlines():
        pen.text((LEFT, y), line, 0, text)
        y += 48
    y += 40
    for row in TABLE:
        for x, cell in zip(COLUMNS, row, strict=True):
            pen.text((LEFT + x, y), cell, 0, text)
        y += 56
    y += 40
    for line in CLOSING.splitlines():
        pen.text((LEFT, y), line, 0, text)
        y += 48
    return page


def draw_notice() -> Image.Image:
    page = Image.new("L", (1240, 900), 255)
    pen = ImageDraw.Draw(page)
    text = font(CHINESE, CHINESE_PACKAGE, 40)
    pen.text((310, 80), NOTICE_TITLE, 0, font(CHINESE, CHINESE_PACKAGE, 64))
    for number, line in enumerate(NOTICE.splitlines()):
        pen.text((110, 220 + 66 * number), line, 0, text)
    for number, line in enumerate(SIGNED.splitlines()):
        pen.text((820, 730 + 66 * number), line, 0, text)
    return page


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    letter, notice = TARGET / "english.pdf", TARGET / "chinese.png"
    then = time.gmtime(0)  # Pillow would write today's date into the PDF
    scanned(draw_letter(), noise=1.5).save(
        letter, resolution=DPI, quality=30, title="Invoice", creationDate=then, modDate=then
    )
    scanned(draw_notice(), noise=0).quantize(4).save(notice, optimize=True)
    for file in (letter, notice):
        print(f"{file.relative_to(TARGET.parents[1])}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
