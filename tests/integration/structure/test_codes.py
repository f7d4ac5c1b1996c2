"""Codes of eight kinds are read on pages that were printed, turned, skewed and photographed, and none is read wrong."""

import random
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from folio.documents.raster import pixels
from folio.models import PageImage
from folio.structure.codes import codes_on, find_codes
from folio.transform import Transform
from tests.support.documents.codes import KINDS, WAYS, draw_code
from tests.support.sizes import size


@pytest.mark.slow("hundreds of pages of codes in full, some of each kind otherwise")
@pytest.mark.soak
def test_codes_are_read_and_none_is_wrong() -> None:
    total, right = size(64, full=400), 0
    for index in range(total):
        drawn = draw_code(list(KINDS)[index % 8], WAYS[index // 8 % 4], random.Random(index))
        found = find_codes(drawn.page)
        assert all((code.kind, code.value) == (drawn.kind, drawn.value) for code in found), index
        assert len(found) <= 1, index
        for code in found:
            x, y = sum(x for x, _ in code.polygon) / 4, sum(y for _, y in code.polygon) / 4
            assert drawn.box[0] < x < drawn.box[2], index
            assert drawn.box[1] < y < drawn.box[3], index
        right += len(found)
    print(f"{right} of {total} codes read")
    assert right >= 0.95 * total


def test_codes_lie_on_the_page_and_are_told_from_top_to_bottom(tmp_path: Path) -> None:
    page = np.full((1200, 900), 240, np.uint8)
    for top, value in ((100, "first"), (700, "second")):
        code = np.array(zxingcpp.create_barcode(value, zxingcpp.BarcodeFormat.QRCode).to_image(scale=6))
        page[top : top + code.shape[0], 200 : 200 + code.shape[1]] = code
    pixels.save(page, tmp_path / "page.pgm")
    image = PageImage(
        number=1, path=tmp_path / "page.pgm", width=1800, height=2400, dpi=None, to_page=Transform.scale(2, 2)
    )
    first, second = codes_on(image)
    assert (first.kind, first.value, second.value) == ("qr_code", "first", "second")
    assert 400 <= first.polygon[0][0] < first.polygon[1][0] <= 2 * (200 + code.shape[1])
    assert 200 <= first.polygon[0][1] < 2 * (100 + code.shape[0])


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.7])
def test_a_part_of_bars_without_a_check_digit_is_no_code(cut: float) -> None:
    code = np.array(zxingcpp.create_barcode("93080592042505", zxingcpp.BarcodeFormat.ITF).to_image(scale=4), np.uint8)
    page = np.full((600, 1200), 255, np.uint8)
    page[200 : 200 + code.shape[0], 100 : 100 + code.shape[1]] = code
    page[:, 100 + int(cut * code.shape[1]) :] = 255
    assert find_codes(page) == []
