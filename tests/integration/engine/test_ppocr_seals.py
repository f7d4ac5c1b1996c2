"""What is written on seals is read of their ink alone, and stands in the result apart from the page's text."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from folio import keys
from folio.deadline import Deadline
from folio.documents.raster import pixels
from folio.documents.raster.images import decode as decode_picture
from folio.models import Page, Result, SealText, decode
from folio.providers.ppocr.marks.seals import read_ink
from folio.providers.ppocr.marks.watermarks import read_watermark
from folio.reading.pipeline import Request, read_upload
from folio.stores.folder import FolderStore
from folio.structure.redaction import MASK
from folio.wiring import make_services
from tests.support.defaults import settings

if not shutil.which("fc-match"):
    pytest.skip("fontconfig is not installed", allow_module_level=True)

from tests.support.documents.seals import BLUE, RED, round_seal, square_seal, stamped
from tests.support.documents.sheets import lines_of_text, watermarked

NAME = "广州市天河区人民医院"


def read(folder: Path, **options: str) -> Page:
    """The first page of `page.png`, read by PP-OCR."""
    wanted = {"provider": "ppocr", **options}
    read_upload(Request(key="page.png", options=wanted), make_services(FolderStore(folder), settings()), Deadline(120))
    return decode((folder / keys.result_key("page.png")).read_bytes(), Result).pages[0]


@pytest.mark.slow("it loads the networks")
def test_seals_of_a_page_are_read(tmp_path: Path) -> None:
    company = round_seal(NAME, "财务专用章", "4401067285319")
    page = stamped((company, RED, (400, 400)), (square_seal("RECEIVED"), BLUE, (850, 500)), turn=9)
    page.save(tmp_path / "page.png")
    result = read(tmp_path, outputs="markdown,html,chunks,textract,docx")
    texts = {seal.text: seal.confidence for seal in result.seals}
    assert set(texts) == {f"{NAME}\n财务专用章\n4401067285319", "RECEIVED"}
    assert all(confidence and confidence > 0.8 for confidence in texts.values())
    assert {block.text for block in result.blocks if block.kind == "stamp"} == set(texts)
    assert NAME not in result.text
    markdown = next(tmp_path.rglob("*.md")).read_text("utf-8")
    assert NAME in markdown


@pytest.mark.slow("it loads the networks")
def test_a_number_on_a_seal_is_masked_and_its_place_is_told(tmp_path: Path) -> None:
    stamped((square_seal("13802996023"), BLUE, (600, 450)), turn=5).save(tmp_path / "page.png")
    result = read(tmp_path, redact="phone")
    (seal,) = result.seals
    assert seal.text == MASK * 11
    assert seal.polygon in [place.polygon for place in result.redactions]


@pytest.mark.slow("it loads the networks and reads seven seals")
@pytest.mark.parametrize("turn", [-20, 0, 15])
@pytest.mark.parametrize(("wide", "high"), [(200, 200), (340, 232)])
def test_a_name_is_read_around_round_and_oval_seals(tmp_path: Path, turn: int, wide: int, high: int) -> None:
    stamped((round_seal(NAME, "合同专用章", wide=wide, high=high), RED, (600, 450)), turn=turn).save(tmp_path / "a.png")
    (ink,) = decode_picture(tmp_path / "a.png", 1, tmp_path, 10**9, 10**8).inks
    assert read_ink(ink).text == f"{NAME}\n合同专用章"


@pytest.mark.slow("it loads the networks")
@pytest.mark.parametrize(("text", "angle"), [("Do not copy", 30), ("DRAFT COPY", 0), ("Draft 12", -45)])
def test_what_a_watermark_says_is_read_of_its_copies(tmp_path: Path, text: str, angle: float) -> None:
    page = watermarked(lines_of_text(30, 10, (1200, 1600), height=22, pitch=2.1), text, angle)
    pixels.save(page, tmp_path / "page.png")
    result = read(tmp_path)
    (seal,) = result.seals
    assert (seal.kind, seal.text) == ("watermark", text)
    assert seal.confidence
    assert text.split(maxsplit=1)[0] not in result.text
    assert "the library opens at nine" in result.text


def test_ink_without_writing_has_no_text(tmp_path: Path) -> None:
    for name, level in (("white", 255), ("black", 0)):
        pixels.save(np.full((120, 120), level, np.uint8), tmp_path / f"{name}.pgm")
        assert read_ink(tmp_path / f"{name}.pgm") == SealText()
        assert read_watermark(tmp_path / f"{name}.pgm") == SealText()
