"""PDFs and pictures as poppler, Pillow and Tesseract really take them, through the story on a folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from folio import errors
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.models import ErrorReport, Page, Result, decode
from folio.reading.pipeline import Outcome, Request, read_upload
from folio.stores.folder import FolderStore
from folio.wiring import make_services
from tests.support.defaults import settings as english_settings
from tests.support.documents.pdfs import PdfPage, make_pdf, words

LOW = {"dpi": "144"}  # A5 becomes 840 x 1190 pixels, as large as the picture on it
HOUSE = words("lantern")
X, Y = 80, 90  # where the word begins in its picture


class Desk:
    """A folder, and the story on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, *pages: PdfPage, user_password: str | None = None) -> str:
        (self.folder / name).write_bytes(make_pdf(*pages, user_password=user_password))
        return name

    def read(self, name: str, settings: Settings | None = None, **options: str) -> Outcome:
        services = make_services(FolderStore(self.folder), settings or english_settings())
        with services.pool:
            return read_upload(Request(key=name, options=LOW | options, force=True), services, Deadline())

    def result(self, name: str, settings: Settings | None = None, **options: str) -> Result:
        outcome = self.read(name, settings, **options)
        assert outcome.written == f"{name}.ocr.json", outcome.error
        return decode((self.folder / outcome.written).read_bytes(), Result)

    def refusal(self, name: str, settings: Settings | None = None, **options: str) -> errors.FolioError:
        outcome = self.read(name, settings, **options)
        assert outcome.written == f"{name}.ocr.error.json"
        report = decode((self.folder / outcome.written).read_bytes(), ErrorReport)
        assert outcome.error is not None
        assert (report.error.type, report.error.message) == (type(outcome.error).__name__, outcome.error.message)
        return outcome.error


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield Desk(tmp_path)
    assert not list(tmp_path.glob("*.part"))


def place(page: Page, word: str) -> tuple[float, float]:
    """The top left corner of the only word of that text."""
    (corner,) = (found.polygon[0] for line in page.lines for found in line.words if found.text == word)
    return corner


def test_page_is_drawn_at_the_resolution_that_fits(desk: Desk) -> None:
    desk.put("poster.pdf", PdfPage(size=(4200, 5950), picture=HOUSE))
    (page,) = desk.result("poster.pdf", english_settings(raster_pixels=1_000_000), dpi="300").pages
    assert 900_000 < page.width * page.height <= 1_000_000
    assert page.dpi == pytest.approx(page.width * 72 / 4200, rel=0.02)
    assert page.warnings == (f"Drawn at {page.dpi:.0f} dpi instead of 300 to stay within 1000000 pixels.",)
    x, y = place(page, "lantern")
    assert x * 840 / page.width == pytest.approx(X, abs=12)
    assert y * 840 / page.width == pytest.approx(Y, abs=25)


def test_page_too_large_to_draw_at_all_is_refused(desk: Desk) -> None:
    desk.put("sky.pdf", PdfPage(size=(3_000_000, 3_000_000), picture=HOUSE))
    assert isinstance(desk.refusal("sky.pdf", english_settings(raster_pixels=1_000_000)), errors.TooLarge)


def test_page_ranges(desk: Desk) -> None:
    texts = ("lantern", "meadow", "harbour", "orchard", "thimble")
    desk.put("five.pdf", *[PdfPage(picture=words(text)) for text in texts])
    read = desk.result("five.pdf", pages="4-,2")
    assert [(page.number, page.text) for page in read.pages] == [(2, "meadow"), (4, "orchard"), (5, "thimble")]
    assert read.text == "meadow\n\norchard\n\nthimble"
    assert [page.number for page in desk.result("five.pdf", pages="5-90").pages] == [5]
    desk.put("others.pdf", *[PdfPage(picture=words(text)) for text in texts])  # one without a result to be kept
    refused = desk.refusal("others.pdf", pages="6-")
    assert isinstance(refused, errors.BadOption)
    assert "5 pages" in refused.message


UNDRAWABLE = PdfPage(content=b"q /P Do Q (never closed")
CUT = PdfPage(content=b"\x78\x9c garbage", extra=b"/Resources 99 0 R")


def test_undrawable_page_fails_and_the_others_are_read(desk: Desk) -> None:
    desk.put("mixed.pdf", PdfPage(picture=HOUSE), UNDRAWABLE, PdfPage(picture=HOUSE), CUT)
    read = desk.result("mixed.pdf")
    assert read.status == "partial"
    assert [page.status for page in read.pages] == ["ok", "failed", "ok", "failed"]
    assert [page.text for page in read.pages] == ["lantern", "", "lantern", ""]
    told = read.pages[1].error
    assert told is not None
    assert (told.type, told.hint) == ("PageUnreadable", errors.PageUnreadable.hint)


def test_document_of_undrawable_pages_is_damaged(desk: Desk) -> None:
    desk.put("dark.pdf", UNDRAWABLE, UNDRAWABLE)
    assert isinstance(desk.refusal("dark.pdf"), errors.DamagedDocument)


def test_damage_beside_readable_text_is_a_warning(desk: Desk) -> None:
    content = b"q 420 0 0 595 0 0 cm /P Do Q q /Missing Do Q"
    desk.put("scratched.pdf", PdfPage(picture=HOUSE, content=content))
    read = desk.result("scratched.pdf")
    assert (read.status, read.text) == ("complete", "lantern")
    assert read.warnings == ("Page 1: poppler complained while drawing this page; parts of it may be missing.",)


def test_blank_page_is_no_failure(desk: Desk) -> None:
    desk.put("blank.pdf", PdfPage(), PdfPage(picture=HOUSE))
    read = desk.result("blank.pdf")
    assert (read.status, read.warnings) == ("complete", ())
    assert [(page.status, page.text, page.confidence is None) for page in read.pages] == [
        ("ok", "", True),
        ("ok", "lantern", False),
    ]


def test_encrypted_pdf_is_read_if_it_opens_for_everybody(desk: Desk) -> None:
    desk.put("open.pdf", PdfPage(picture=HOUSE), user_password="")
    desk.put("locked.pdf", PdfPage(picture=HOUSE), user_password="secret")
    assert b"/Encrypt" in (desk.folder / "open.pdf").read_bytes()
    assert desk.result("open.pdf").text == "lantern"
    assert isinstance(desk.refusal("locked.pdf"), errors.PasswordProtected)


def test_damaged_pdfs_are_refused(desk: Desk) -> None:
    whole = make_pdf(PdfPage(picture=HOUSE))
    broken = {"none.pdf": make_pdf(), "head.pdf": whole[:200], "nul.pdf": whole[:20] + bytes(len(whole))}
    for name, content in broken.items():
        (desk.folder / name).write_bytes(content)
        assert isinstance(desk.refusal(name), errors.DamagedDocument), name


def test_pdf_behind_junk_is_read(desk: Desk) -> None:
    """Nothing lies where its table says, so poppler must look for it."""
    (desk.folder / "junk.pdf").write_bytes(b"From a mail\r\n" * 50 + make_pdf(PdfPage(picture=HOUSE)))
    assert desk.result("junk.pdf").text == "lantern"


def test_limits_refuse_before_the_work(desk: Desk) -> None:
    desk.put("three.pdf", *[PdfPage(picture=HOUSE)] * 3)
    words("lantern").save(desk.folder / "scan.png")
    size = (desk.folder / "three.pdf").stat().st_size
    for name, settings, limit in (
        ("three.pdf", english_settings(max_bytes=size - 1), f"more than the {size - 1} allowed"),
        ("three.pdf", english_settings(max_pages=2), "3 pages, more than the 2 allowed"),
        ("scan.png", english_settings(max_pixels=840 * 1190 - 1), "840 x 1190 pixels"),
    ):
        refused = desk.refusal(name, settings)
        assert isinstance(refused, errors.TooLarge)
        assert limit in refused.message
    exact = english_settings(max_bytes=size, max_pages=3, max_pixels=840 * 1190)
    assert desk.result("three.pdf", exact, pages="1").status == "complete"
    assert desk.result("scan.png", exact).status == "complete"


@pytest.mark.parametrize(("rotate", "turn"), [(90, 90), (180, 180), (270, -90), (-90, -90)])
def test_rotated_page_is_as_the_reader_sees_it(desk: Desk, rotate: int, turn: int) -> None:
    """The picture lies turned on the sheet, and /Rotate turns the sheet back."""
    lying = HOUSE.rotate(turn, expand=True)
    size = (420, 595) if lying.size == HOUSE.size else (595, 420)
    desk.put("turned.pdf", PdfPage(size=size, picture=lying, rotate=rotate))
    (page,) = desk.result("turned.pdf").pages
    assert (page.width, page.height, page.text) == (840, 1190, "lantern")
    plain = desk.put("plain.pdf", PdfPage(picture=HOUSE))
    assert place(page, "lantern") == pytest.approx(place(desk.result(plain).pages[0], "lantern"), abs=2)


def test_crop_box_is_the_page(desk: Desk) -> None:
    picture = words("lantern", "meadow", "harbour", height=60)
    desk.put("whole.pdf", PdfPage(picture=picture))
    # Points count from below: this keeps what lies between 176 and 312 pixels from the top.
    desk.put("cropped.pdf", PdfPage(picture=picture, crop=(20, 595 - 156, 420, 595 - 88)))
    (whole,), (page,) = desk.result("whole.pdf").pages, desk.result("cropped.pdf").pages
    assert (page.width, page.height, page.text) == (800, 136, "meadow")
    x, y = place(whole, "meadow")
    assert place(page, "meadow") == pytest.approx((x - 40, y - 176), abs=2)


def test_every_frame_of_a_tiff_is_a_page(desk: Desk) -> None:
    first, *others = words("lantern"), words("meadow", size=(600, 300)), words("harbour").convert("1")
    first.save(desk.folder / "scans.tif", save_all=True, append_images=others, dpi=(150, 150))
    read = desk.result("scans.tif")
    assert [page.text for page in read.pages] == ["lantern", "meadow", "harbour"]
    assert [(page.width, page.height) for page in read.pages] == [(840, 1190), (600, 300), (840, 1190)]
    assert read.source.pages == 3
    assert [page.number for page in desk.result("scans.tif", pages="2").pages] == [2]
