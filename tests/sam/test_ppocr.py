"""PP-OCR from the layers: three documents through the function, and its runtime on processors that lack something."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from jsonschema import Draft202012Validator
from PIL import Image, ImageDraw, ImageFont

from folio.keys import result_key
from tests.sam.conftest import ARCHITECTURE, LAYERS, Container, RemoteInbox, layers_of, missing, mount
from tests.support.documents.drawings import draw
from tests.support.paths import ROOT

KEY = "inbox/a document"
PYTHON = ("env", "-i", "PYTHONPATH=/opt/python:/var/runtime")
FUNCTION = tuple(mount(ROOT / "functions", "/var/task"))
NO_PROCESSORS = ("--tmpfs", "/sys/devices/system/cpu")

INVOICE = ("电子发票号码 24312000000012345678", "购买方名称 上海晨光图书有限公司", "价税合计 壹仟贰佰元整 1200.00")
NOTICE = ("図書館は午前九時に開きます。", "カードをお持ちの方はどなたでも", "本を三冊まで借りられます。")
TABLE = (
    ("Parcel", "Weight", "Price"),
    ("Lantern", "1.25", "48.90"),
    ("Anchor", "17.40", "205.00"),
    ("Rope", "3.80", "9.75"),
)


def written(*lines: str, size: tuple[int, int], height: int = 40, at: tuple[int, int] = (70, 80)) -> Image.Image:
    """Lines in the layer's own Chinese font, which has kana too."""
    font = ImageFont.truetype(layers_of(ARCHITECTURE) / "ocr-tools" / "share" / "fonts" / "wqy-microhei.ttc", height)
    image = Image.new("L", size, 245)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((at[0], at[1] + 2 * height * number), line, 25, font)
    return image


def photographed(sheet: Image.Image) -> bytes:
    """A JPEG of the sheet as it lies on a dark desk: seen at an angle, one side in the shade."""
    size = (sheet.width + 240, sheet.height + 240)
    corners = np.array([[0, 0], [sheet.width, 0], [sheet.width, sheet.height], [0, sheet.height]], np.float32)
    seen = np.array([[150, 130], [size[0] - 110, 90], [size[0] - 80, size[1] - 120], [90, size[1] - 80]], np.float32)
    warp = cv2.getPerspectiveTransform(corners, seen)
    photo = cv2.warpPerspective(np.asarray(sheet), warp, size, borderValue=60).astype(np.float32)
    noise = np.random.default_rng(7).normal(0, 4, photo.shape)
    lit = photo * np.linspace(0.7, 1.0, size[0]) + noise
    out = io.BytesIO()
    Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)).save(out, "jpeg", quality=85)
    return out.getvalue()


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "png")
    return out.getvalue()


def table() -> Image.Image:
    image = Image.new("L", (1000, 520), 255)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(36)
    for row, cells in enumerate(TABLE):
        for column, cell in enumerate(cells):
            box = (80 + 280 * column, 60 + 100 * row)
            pen.rectangle((*box, box[0] + 280, box[1] + 100), outline=0, width=3)
            pen.text((box[0] + 24, box[1] + 28), cell, 0, font)
    return image


def chinese_photo() -> bytes:
    return photographed(written(*INVOICE, size=(1100, 480)))


def japanese_page() -> bytes:
    return png(written(*NOTICE, size=(1000, 420)))


def english_table() -> bytes:
    return png(table())


AUTO = {"providers": "auto", "languages": "auto"}  # the defaults, for which the tests' environment has others
DOCUMENTS: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "chinese-photo": (chinese_photo, INVOICE),
    "english-table": (english_table, tuple(cell for row in TABLE for cell in row)),
    "japanese-page": (japanese_page, NOTICE),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_comes_back_right_by_the_defaults(
    name: str, inbox: RemoteInbox, schema_result: Draft202012Validator
) -> None:
    body, known = DOCUMENTS[name]
    assert inbox.read(KEY, body(), **AUTO) == [KEY, result_key(KEY)]
    schema_result.validate(json.loads(inbox.body(result_key(KEY))))
    result = inbox.result(KEY)
    read = result.text.replace(" ", "")
    assert [text for text in known if text.replace(" ", "") not in read] == []
    assert (result.engine.version or "").startswith("PP-OCR")


LINE = "parcels of the harbour 2093"
READ = """
import sys; sys.path.insert(0, "/var/task")
from pathlib import Path
from folio.providers.ppocr.page.reader import read_page
image = Path("/tmp/page1.pgm")
image.write_bytes(sys.stdin.buffer.read())
print(read_page(image, ("eng", "chi_sim")).text)
"""
READ_IN_A_PROCESS = """
import sys; sys.path.insert(0, "/var/task")
from pathlib import Path
from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.models import PageImage
from folio.providers.cost import Ledger
from folio.providers.registry import get_provider
image = Path("/tmp/page1.pgm")
image.write_bytes(sys.stdin.buffer.read())
page = PageImage(number=1, path=image, width=640, height=96, dpi=None)
print(get_provider("ppocr", Settings(jobs=1)).recognize(page, Options(languages=("eng",)), Deadline(), Ledger()).text)
"""


def line() -> bytes:
    return pgm(draw(LINE, size=(640, 96), at=(24, 28), height=32).image)


def pgm(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "ppm")
    return out.getvalue()


def test_a_page_is_read_where_no_processors_are_shown(container: Container) -> None:
    """As on Lambda's arm64, where onnxruntime 1.15 and before ended the process (its issues 10038 and 15650)."""
    script = ("/var/lang/bin/python3.13", "-c", READ_IN_A_PROCESS)
    assert container.run(*PYTHON, "ls", "-A", "/sys/devices/system/cpu", more=NO_PROCESSORS) == b""
    said = container.run(*PYTHON, *script, more=(*FUNCTION, *NO_PROCESSORS), given=line())
    assert said.decode().split() == LINE.split()


def emulator(processor: str) -> str:
    """The path of qemu for another processor; the test is skipped, or fails in CI, without it."""
    return shutil.which(f"qemu-{processor}-static") or missing(
        f"No qemu-{processor}-static: scripts/emulator installs it."
    )


# Lambda promises AVX2 and no more, and qemu has no processor with AVX-512.
@pytest.mark.skipif(ARCHITECTURE != "x86_64", reason="What lacks AVX-512 here is an emulated x86 processor.")
@pytest.mark.slow("an emulated processor, for two minutes")
def test_a_page_is_read_without_avx512(container: Container) -> None:
    more = (*FUNCTION, *mount(Path(emulator("x86_64")), "/emulator"))
    python = ("/emulator", "-cpu", "Haswell-noTSX", "/var/lang/bin/python3.13", "-c", READ)
    given = pgm(draw("harbour", size=(192, 64), at=(24, 18), height=28).image)
    assert container.run(*PYTHON, *python, more=more, given=given).decode().split() == ["harbour"]


@pytest.mark.skipif(ARCHITECTURE == "arm64", reason="Here all the other tests run the arm64 layer.")
@pytest.mark.slow("an emulated processor")
def test_arm64_reads_the_same(container: Container) -> None:
    """No processors are shown: qemu passes on what this machine says of its own, which are no arm64 ones."""
    layer = layers_of("arm64") / "python"
    root = LAYERS.parent / "arm64-python"
    qemu = emulator("aarch64")
    if not root.is_dir():
        missing("There is no Python for arm64: scripts/emulator fetches it.")
    image = written("开放时间 2093", "harbour", size=(320, 160), height=32, at=(16, 16))
    python = ("/emulator", "-cpu", "neoverse-n1", "-L", "/arm64", "/arm64/usr/bin/python3.13", "-c", READ)
    folders = (*mount(Path(qemu), "/emulator"), *mount(root, "/arm64"), *mount(layer, "/layer"))
    emulated = ("env", "-i", "PYTHONPATH=/layer/python", *python)
    said = container.run(*emulated, more=(*FUNCTION, *NO_PROCESSORS, *folders), given=pgm(image)).decode()
    assert said.split() == ["开放时间", "2093", "harbour"]
    own = container.run(*PYTHON, "/var/lang/bin/python3.13", "-c", READ, more=FUNCTION, given=pgm(image)).decode()
    assert said == own
