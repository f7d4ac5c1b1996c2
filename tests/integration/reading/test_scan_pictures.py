"""Pages that are one JPEG: its own pixels are read, and only where poppler would show the same."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import folio
from folio.documents.pdf import poppler
from folio.documents.pdf.scan_picture import take_picture
from folio.documents.raster import pixels
from tests.support.aws.inbox import Inbox
from tests.support.documents.pdfs import PdfPage, make_pdf, words, write_pdf
from tests.support.documents.seals import RED, round_seal, stamped
from tests.support.tools import needs_tools

pytestmark = needs_tools

DPI = 150
SIZE = 840, 1190  # pixels; A5 at 144 dpi is 403.2 x 571.2 points
BOX = tuple(side * 72 / DPI for side in SIZE)
PICTURE = words("LARKFIELD PAPER", "Invoice 2093", "Total 1,284.50", size=SIZE)
OTHER = b"<</Length 0>>stream\n\nendstream"


def jpeg(mode: str = "L", *, tilt: int = 0, quality: int = 90) -> bytes:
    file = BytesIO()
    picture = PICTURE.convert(mode)
    exif = Image.Exif()
    exif[0x0112] = tilt or 1
    picture.save(file, "JPEG", quality=quality, exif=exif)
    return file.getvalue()


def scan(
    data: bytes,
    *,
    color: bytes = b"/DeviceGray",
    picture: bytes = b"",
    content: bytes = b"q %.3f 0 0 %.3f 0 0 cm /P Do Q" % BOX,
    page: bytes = b"/MediaBox[0 0 %.3f %.3f]" % BOX,
    filters: bytes = b"/DCTDecode",
    other: bytes = OTHER,
    size: tuple[int, int] = SIZE,
) -> bytes:
    """A PDF of one page, whose picture is object 5; `other` is object 6."""
    sides = b"/Width %d/Height %d/BitsPerComponent 8" % size
    return write_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</P 5 0 R/Q 6 0 R>>>>%s>>" % page,
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            b"<</Type/XObject/Subtype/Image%s/ColorSpace %s/Filter %s%s/Length %d>>stream\n%s\nendstream"
            % (sides, color, filters, picture, len(data), data),
            other,
        ]
    )


HALF = b"q %.3f 0 0 %.3f 0 0 cm /P Do Q" % (BOX[0] / 2, BOX[1])
PROFILE = b"<</N 3/Length 0>>stream\n\nendstream"
PLAIN = {
    "gray": scan(jpeg()),
    "color": scan(jpeg("RGB"), color=b"/DeviceRGB"),
    "with a profile": scan(jpeg("RGB"), color=b"[/ICCBased 6 0 R]", other=PROFILE),
    "filters in a list": scan(jpeg(), filters=b"[/DCTDecode]"),
    "in steps": scan(jpeg(), content=b"q\n1 0 0 1 0 0 cm q %.3f 0 0 %.3f 0 0 cm\n/P Do\nQ Q\n" % BOX),
    "scaled twice": scan(jpeg(), content=b"q .5 0 0 .5 0 0 cm %.3f 0 0 %.3f 0 0 cm /P Do Q" % (2 * BOX[0], 2 * BOX[1])),
    "a box beside the origin": scan(
        jpeg(),
        page=b"/MediaBox[10 20 %.3f %.3f]" % (BOX[0] + 10, BOX[1] + 20),
        content=b"q %.3f 0 0 %.3f 10 20 cm /P Do Q" % BOX,
    ),
    "turned by what PDF passes over": scan(jpeg(tilt=6)),
}
OTHERS = {
    "turned": scan(jpeg(), page=b"/MediaBox[0 0 %.3f %.3f]/Rotate 90" % BOX),
    "cropped": scan(jpeg(), page=b"/MediaBox[0 0 %.3f %.3f]/CropBox[0 0 200 300]" % BOX),
    "a larger unit": scan(jpeg(), page=b"/MediaBox[0 0 %.3f %.3f]/UserUnit 2" % BOX),
    "a note": scan(jpeg(), page=b"/MediaBox[0 0 %.3f %.3f]/Annots[<</Type/Annot/Subtype/Square>>]" % BOX),
    "mirrored": scan(jpeg(), content=b"q %.3f 0 0 %.3f %.3f 0 cm /P Do Q" % (-BOX[0], BOX[1], BOX[0])),
    "upside down": scan(jpeg(), content=b"q %.3f 0 0 %.3f %.3f %.3f cm /P Do Q" % (-BOX[0], -BOX[1], *BOX)),
    "half of the page": scan(jpeg(), content=HALF),
    "with a frame": scan(jpeg(), content=b"q %.3f 0 0 %.3f 0 0 cm /P Do Q 9 w 50 50 200 200 re S" % BOX),
    "clipped": scan(jpeg(), content=b"q 0 0 200 200 re W n %.3f 0 0 %.3f 0 0 cm /P Do Q" % BOX),
    "two pictures": scan(jpeg(), content=(b"q %.3f 0 0 %.3f 0 0 cm /P Do /P Do Q" % BOX)),
    "inverted": scan(jpeg(), picture=b"/Decode[1 0]"),
    "a mask of colors": scan(jpeg(), picture=b"/Mask[0 90]"),
    "only sometimes shown": scan(jpeg(), picture=b"/OC 6 0 R", other=b"<</Type/OCG/Name(x)>>"),
    "printers' colors": scan(jpeg("CMYK"), color=b"/DeviceCMYK"),
    "other colors than its file": scan(jpeg("RGB"), color=b"/DeviceGray"),
    "two filters": scan(jpeg().hex().encode() + b">", filters=b"[/ASCIIHexDecode/DCTDecode]"),
    "cut off": scan(jpeg()[:9_000]),
    "no picture": scan(b"nothing"),
    "a form": scan(jpeg(), content=b"q %.3f 0 0 %.3f 0 0 cm /Q Do Q" % BOX),
    "without a file": scan(jpeg(), content=b"q %.3f 0 0 %.3f 0 0 cm /R Do Q" % BOX),
    "no PDF": b"%PDF-1.4 and no more",
    "another filter": make_pdf(PdfPage(picture=PICTURE, size=(BOX[0], BOX[1]))),
}


def written(data: bytes, folder: Path) -> Path:
    path = folder / "scan.pdf"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", PLAIN)
def test_the_picture_is_what_poppler_draws(kind: str, tmp_path: Path) -> None:
    path = written(PLAIN[kind], tmp_path)
    taken = take_picture(path, 1, DPI, tmp_path)
    assert taken
    picture = pixels.read(taken.path)
    drawn = pixels.read(poppler.draw(path, 1, DPI, tmp_path, 60.0).path)
    assert picture is not None
    assert drawn is not None
    assert picture.shape == SIZE[::-1]
    assert np.abs(picture.astype(int) - drawn[: SIZE[1], : SIZE[0]]).mean() < 1.0


@pytest.mark.parametrize("kind", OTHERS)
def test_whatever_is_not_plain_is_left_to_poppler(kind: str, tmp_path: Path) -> None:
    assert take_picture(written(OTHERS[kind], tmp_path), 1, DPI, tmp_path) is None
    assert [file.name for file in tmp_path.iterdir()] == ["scan.pdf"]


@pytest.mark.parametrize("dpi", [100, 148, 300])
def test_a_picture_of_another_resolution_is_drawn(dpi: int, tmp_path: Path) -> None:
    assert take_picture(written(PLAIN["gray"], tmp_path), 1, dpi, tmp_path) is None


def test_a_scan_is_read_in_the_pixels_of_its_picture(inbox: Inbox) -> None:
    inbox.read("scan.pdf", PLAIN["color"], dpi=str(DPI), providers="tesseract")
    page = inbox.result("scan.pdf").pages[0]
    assert (page.width, page.height, page.dpi) == (*SIZE, DPI)
    assert "Invoice 2093" in page.text


@pytest.mark.slow("PP-OCR reads two pages and their seals")
def test_stamps_of_a_scan_are_taken_off_and_read_as_those_of_a_picture() -> None:
    sealed = stamped((round_seal("北京百望云测试有限公司", "发票专用章"), RED, (500, 500)))
    file = BytesIO()
    sealed.save(file, "JPEG", quality=95, subsampling=0, dpi=(DPI, DPI))
    box = tuple(side * 72 / DPI for side in sealed.size)
    content = b"q %.3f 0 0 %.3f 0 0 cm /P Do Q" % box
    page = b"/MediaBox[0 0 %.3f %.3f]" % box
    data = scan(file.getvalue(), color=b"/DeviceRGB", content=content, page=page, size=sealed.size)
    picture, scanned = (folio.read(one, dpi=DPI, providers="ppocr").result.pages[0] for one in (file.getvalue(), data))
    assert [seal.text for seal in picture.seals] == ["北京百望云测试有限公司\n发票专用章"]
    assert scanned.seals == picture.seals
    assert scanned.lines == picture.lines
