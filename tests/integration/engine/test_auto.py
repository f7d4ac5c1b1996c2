"""The defaults: PP-OCR reads what it can, Tesseract what else it has data for; of other pages it is said so."""

import shutil
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from folio import keys
from folio.models import ErrorReport, Result, decode
from tests.support.aws.inbox import Inbox
from tests.support.defaults import DEFAULTS
from tests.support.documents.drawings import draw
from tests.support.paths import DATA
from tests.support.processes.running import folio
from tests.support.processes.serving import serving
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("processes that load the networks, and read pages with them")]

ENGLISH = ("All human beings are born free and equal", "in dignity and rights. They are endowed", "with reason.")
VIETNAMESE = (
    "Mọi người đều có quyền được sống trong tự do",
    "của các nước và những người khác cũng phải",
    "được bảo vệ, không ai bị bắt một cách vô cớ",
)
# What these letters look like is read as commas and blanks.
RUSSIAN = (
    "Все люди рождаются свободными и равными",
    "в своем достоинстве и правах. Они наделены",
    "разумом и совестью",
)


@cache
def font_for(language: str) -> str:
    """A file with a language's letters; the test is skipped where the system has none."""
    if not shutil.which("fc-match"):
        pytest.skip("fontconfig is missing: make setup")
    command = ["fc-match", "-f", "%{file}", f":lang={language}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def written(language: str, lines: tuple[str, ...]) -> Image.Image:
    image = Image.new("L", (1300, 500), 255)
    font = ImageFont.truetype(font_for(language), 40)
    for number, line in enumerate((*lines, *lines)):
        ImageDraw.Draw(image).text((60, 40 + 70 * number), line, font=font, fill=0)
    return image


def russian() -> Image.Image:
    return written("ru", RUSSIAN)


def english() -> Image.Image:
    return draw(*ENGLISH, size=(1300, 500)).image


def pdf(*pages: Image.Image) -> bytes:
    data = BytesIO()
    pages[0].save(data, "PDF", resolution=200, save_all=True, append_images=pages[1:])
    return data.getvalue()


@pytest.fixture
def by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in DEFAULTS.items():
        monkeypatch.setenv(name, value)


def result(path: Path) -> Result:
    return decode(path.read_bytes(), Result)


def test_an_english_and_a_chinese_page_are_read_by_pp_ocr_with_no_option_given(tmp_path: Path) -> None:
    english().save(tmp_path / "english.png")
    shutil.copy(DATA / "chinese.png", tmp_path)
    done = folio("read", "english.png", "chinese.png", cwd=tmp_path, timeout=300, **DEFAULTS)
    assert done.code == 0, done.err
    first, second = (result(tmp_path / f"{name}.png.ocr.json") for name in ("english", "chinese"))
    for read, script in ((first, "Latn"), (second, "Hani")):
        (page,) = read.pages
        assert (page.provider, page.script, page.skipped_providers) == ("ppocr", script, ())
        assert (read.engine.provider, read.engine.fallbacks, read.engine.languages) == (
            "ppocr",
            ("tesseract",),
            ("auto",),
        )
    assert "equal" in first.text
    assert "图书馆" in second.text


def test_a_page_in_a_script_without_data_is_no_result_but_says_what_it_seems_to_be(tmp_path: Path) -> None:
    russian().save(tmp_path / "russian.png")
    done = folio("read", "russian.png", cwd=tmp_path, timeout=300, **DEFAULTS)
    assert done.code == 65
    assert "Cyrillic (rus" in done.err
    report = decode((tmp_path / "russian.png.ocr.error.json").read_bytes(), ErrorReport)
    assert report.error.type == "UnreadableScript"
    assert not (tmp_path / "russian.png.ocr.json").exists()


@pytest.mark.usefixtures("by_default")
def test_in_a_bucket_such_a_page_makes_the_result_partial(inbox: Inbox) -> None:
    inbox.read("both.pdf", pdf(english(), russian()))
    read = inbox.result("both.pdf")
    good, bad = read.pages
    assert (read.status, good.provider, good.status) == ("partial", "ppocr", "ok")
    assert bad.error is not None
    assert (bad.status, bad.text, bad.error.type) == ("failed", "", "UnreadableScript")


@pytest.mark.usefixtures("by_default")
def test_a_page_half_of_which_is_in_such_a_script_has_the_other_half_and_is_not_complete(inbox: Inbox) -> None:
    both = english()
    both.paste(russian().crop((0, 0, 1300, 250)), (0, 250))
    data = BytesIO()
    both.save(data, "PNG")
    inbox.read("half.png", data.getvalue())
    read = inbox.result("half.png")
    (page,) = read.pages
    assert (read.status, page.status, page.is_whole, page.provider) == ("partial", "ok", False, "ppocr")
    assert "free and equal" in page.text
    (warning,) = page.warnings
    assert warning.startswith(
        "Some of this page is handwriting, or in a script that PP-OCR does not read: it may be Korean (kor)"
    )
    assert read.warnings == (f"Page 1: {warning}",)


@pytest.mark.usefixtures("by_default")
def test_a_page_some_letters_of_which_are_not_known_names_its_language_and_is_not_complete(inbox: Inbox) -> None:
    inbox.read("both.pdf", pdf(english(), written("vi", VIETNAMESE)))
    read = inbox.result("both.pdf")
    good, bad = read.pages
    assert (read.status, good.is_whole, bad.is_whole, bad.provider) == ("partial", True, False, "ppocr")
    assert "trong" in bad.text
    (warning,) = bad.warnings
    assert "it seems to be in Vietnamese (vie)" in warning
    assert read.warnings == (f"Page 2: {warning}",)


@pytest.mark.usefixtures("by_default")
def test_what_only_tesseract_can_it_does_and_the_page_says_why(inbox: Inbox) -> None:
    data = BytesIO()
    english().save(data, "PNG")
    inbox.read("psm.png", data.getvalue(), psm="6")
    (page,) = inbox.result("psm.png").pages
    (skipped,) = page.skipped_providers
    assert (page.provider, skipped.provider, "psm" in skipped.message) == ("tesseract", "ppocr", True)


def test_over_http_and_as_a_long_document(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(pdf(*[english()] * 4))
    few = {"FOLIO_SPLIT_PAGES": "2", "FOLIO_SPLIT_CHUNK": "2", "FOLIO_JOBS": "2"}
    done = folio("read", "scan.pdf", cwd=tmp_path, timeout=300, **DEFAULTS, **few)
    assert done.code == 0, done.err
    assert {page.provider for page in result(tmp_path / keys.result_key("scan.pdf")).pages} == {"ppocr"}
    with serving(settings=DEFAULTS) as api:
        listed = {one["name"]: one for one in api.get("v1/providers").json()}
        assert listed["auto"]["usable"]
        data = BytesIO()
        english().save(data, "PNG")
        answer = api.read(data.getvalue())
        assert answer.status_code == 200, answer.text
        assert answer.json()["pages"][0]["provider"] == "ppocr"
