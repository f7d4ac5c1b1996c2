"""Clean print is looked at by PP-OCRv6 tiny's detector where it is there."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.close_up import find_lines
from folio.providers.ppocr.lines.detection import corners_of, detect
from folio.providers.ppocr.lines.quick_detection import detect_quickly
from folio.providers.ppocr.lines.scale import detection_scale
from folio.providers.ppocr.onnx import networks as loaded
from folio.providers.ppocr.onnx.networks import Networks, find_models, find_quick_models
from tests.support.documents.cards import font

pytestmark = pytest.mark.slow("loads the networks")

_TEXT = "The quick detector sees each of these lines as the other one does, if they are printed well."
_LINES = 30


@pytest.fixture(scope="module")
def networks() -> Networks:
    return Networks(find_models(), find_quick_models())


@pytest.fixture(scope="module")
def scan() -> Grey:
    """A page of prose at 200 dpi, with a lone number at its foot."""
    image = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(image)
    for line in range(_LINES):
        draw.text((120, 120 + 64 * line), _TEXT, 0, font(30))
    draw.text((820, 2200), "7", 0, font(30))
    return np.asarray(image)


def test_of_clean_print_the_lines_are_those_of_the_other_detector(networks: Networks, scan: Grey) -> None:
    scale = detection_scale(scan)
    assert networks.quick_text_map
    quick = detect_quickly(scan, scale, networks.quick_text_map, networks.text_map)
    usual = detect(scan, networks, scale.side)
    assert quick is not None
    assert len(quick) == len(usual) == _LINES + 1
    for one, other in zip(quick, usual, strict=True):
        assert np.abs(corners_of(one) - corners_of(other)).max() < 12  # of letters 30 pixels high


def test_without_its_detector_tiny_reads_lines_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scan: Grey
) -> None:
    tiny = find_quick_models()
    assert tiny
    assert loaded.release() == "PP-OCRv6 small and tiny, detectors too"
    for name in ("rec.onnx", "char_dict.json"):
        shutil.copy(tiny / name, tmp_path)
    older = Networks(find_models(), tmp_path)
    assert older.quick_recognizer
    assert older.quick_text_map is None
    assert len(find_lines(scan, older)) == _LINES + 1
    monkeypatch.setattr(loaded, "find_quick_models", lambda: tmp_path)
    assert loaded.release() == "PP-OCRv6 small and tiny"
