"""How many bytes of a scan each page takes, told without reading the PDF."""

from pathlib import Path

import pytest

from folio.documents.pdf.page_bytes import bytes_of_pages


def pdf(folder: Path, *pictures: int, masks: int = 0) -> Path:
    """Write what of a PDF tells pictures, each with so many bytes, and as many masks beside each."""
    file = folder / "scan.pdf"
    content = b"".join(
        b"%d 0 obj<</Type/XObject/Subtype /Image/Width 9>>stream\n%sendstream\n" % (number, bytes(size))
        + masks * b"<</Subtype/Image>>"
        for number, size in enumerate(pictures)
    )
    file.write_bytes(b"%PDF-1.7\n" + content + b"trailer")
    return file


def test_pages_are_as_large_as_what_lies_between_their_pictures(tmp_path: Path) -> None:
    sizes = bytes_of_pages(pdf(tmp_path, 1000, 5000, 20), 3)
    assert sizes == pytest.approx((1000, 5000, 20), abs=100)


def test_a_page_may_have_several_pictures(tmp_path: Path) -> None:
    sizes = bytes_of_pages(pdf(tmp_path, 1000, 5000, masks=2), 2)
    assert sizes == pytest.approx((1000, 5000), abs=150)


@pytest.mark.parametrize(("pictures", "pages"), [((), 3), ((10, 10), 3), ((10,) * 101, 101)])
def test_nothing_is_told_of_other_pdfs_and_of_long_ones(tmp_path: Path, pictures: tuple[int, ...], pages: int) -> None:
    assert bytes_of_pages(pdf(tmp_path, *pictures), pages) == ()
