"""A faint text that is repeated beneath a page's print is taken off; what is grey and the page's own stays."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from folio.documents.raster import pixels
from folio.documents.raster.pixels import Grey
from folio.preprocess.recipes import prepare
from folio.preprocess.watermark import remove_watermark
from tests.support.documents.sheets import PAPER, lines_of_text, page_of, watermarked

_SIZE = (1200, 1600)
_SHADE = 195


def _printed(lines: int = 30) -> Grey:
    return lines_of_text(lines, 10, _SIZE, height=22, pitch=2.1)


@pytest.mark.parametrize("angle", [0, 30, -45])
@pytest.mark.parametrize("shade", [170, 195, 212])
def test_a_repeated_faint_text_is_gone_and_the_print_is_as_dark_as_before(angle: float, shade: int) -> None:
    page = _printed()
    outcome = remove_watermark(watermarked(page, angle=angle, shade=shade))
    assert outcome.done
    faint = (page > PAPER - 10) & (outcome.image < PAPER - 10)
    assert faint.mean() < 0.0005
    ink = page < 60
    assert np.array_equal(outcome.image[ink], page[ink])
    assert outcome.watermark is not None
    left, top, right, bottom = outcome.watermark.box
    assert right - left > 0.9 * _SIZE[0]
    assert bottom - top > 0.9 * _SIZE[1]


@pytest.mark.parametrize("lines", [7, 11])
def test_a_watermark_of_which_little_lies_beneath_print_is_gone_too(lines: int) -> None:
    """A letter's page is half empty."""
    page = _printed(lines)
    outcome = remove_watermark(watermarked(page, angle=30))
    assert outcome.done
    assert ((page > PAPER - 10) & (outcome.image < PAPER - 10)).mean() < 0.0005


def _shaded(page: Grey) -> Grey:
    """A page in uneven light, with a gray card on it, as copies of cards are."""
    light = np.linspace(0.72, 1, page.shape[1])[None] * np.ones((page.shape[0], 1))
    light[200:900, 150:1050] *= 0.93
    return (page * light).astype(np.uint8)


def test_a_watermark_on_uneven_ground_is_gone_and_the_print_is_not() -> None:
    page = _printed()
    outcome = remove_watermark(_shaded(watermarked(page, angle=30)))
    assert outcome.done
    near_edges = np.zeros(page.shape, bool)
    near_edges[180:920, 130:1070] = True
    near_edges[220:880, 170:1030] = False
    faint = (page > PAPER - 10) & (outcome.image < PAPER - 60) & ~near_edges
    assert faint.mean() < 0.001
    assert outcome.image[page < 60].mean() < 110
    assert not remove_watermark(_shaded(page)).done


def _in_shadow(page: Grey) -> Grey:
    """A page in full light in one corner, and in the shadow of a hand in the other."""
    across, down = (np.linspace(0, 1, side) for side in page.shape[::-1])
    band = np.exp(-(((across[None] - down[:, None] * 0.4 - 0.3) / 0.08) ** 2))
    return (page * (1 - 0.3 * (across[None] + down[:, None])) * (1 - 0.25 * band)).astype(np.uint8)


@pytest.mark.parametrize("pitch", [2.1, 2.6])
def test_print_in_a_shadow_is_no_watermark_where_the_rest_is_bold(pitch: float) -> None:
    """As gray as a watermark where the ground is made lighter, and lines of print are alike."""
    page = lines_of_text(30, 14, _SIZE, height=26, pitch=pitch)
    page[: _SIZE[1] // 2] = cv2.erode(page[: _SIZE[1] // 2], np.ones((3, 3), np.uint8))
    assert not remove_watermark(_in_shadow(page)).done


@pytest.mark.parametrize(("shade", "size"), [(200, 48), (225, 48)])
def test_the_boxes_of_a_chart_are_no_watermark(shade: int, size: int) -> None:
    """Alike and evenly apart, with large words on them; where the ground is evened their edges are as faint."""
    sheet = Image.new("L", _SIZE[::-1], PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(size)
    names = "CEO COO CFO CTO Sales Legal People Finance Growth Ops Design Support Data Security Plant Fleet Labs Media"
    for index, name in enumerate([*names.split(), "Risk", "Audit"]):
        left, top = 120 + index % 4 * 360, 80 + index // 4 * 220
        draw.rectangle((left, top, left + 160, top + 60), shade)
        draw.text((left + 80, top + 30), name, 0, font, anchor="mm")
    assert not remove_watermark(np.asarray(sheet)).done


def test_a_page_without_a_watermark_stays_as_it_is() -> None:
    page = _printed()
    assert not remove_watermark(page).done


def test_grey_text_that_stands_beside_the_print_stays_though_it_is_repeated() -> None:
    page = _printed(10)
    image = Image.fromarray(page)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(40)
    for top in range(700, 1500, 70):
        for left in range(80, 1100, 260):
            pen.text((left, top), "not yet", _SHADE, font)
    assert not remove_watermark(np.asarray(image)).done


def test_one_grey_heading_beneath_nothing_stays() -> None:
    image = Image.fromarray(_printed(10))
    ImageDraw.Draw(image).text((80, 900), "A grey heading", _SHADE, ImageFont.load_default(90))
    assert not remove_watermark(np.asarray(image)).done


def test_grey_text_that_is_darker_than_the_watermark_stays() -> None:
    image = Image.fromarray(watermarked(_printed(22)))
    ImageDraw.Draw(image).text((80, 1250), "A grey heading", 120, ImageFont.load_default(90))
    outcome = remove_watermark(np.asarray(image))
    assert outcome.done
    heading = np.asarray(image)[1250:1350] == 120
    assert np.all(outcome.image[1250:1350][heading] == 120)


def test_the_result_says_where_it_was(tmp_path: Path) -> None:
    page = page_of(watermarked(_printed()), tmp_path)
    for preparation in ("classical", "neural"):
        prepared = prepare(page, "auto", tmp_path, preparation)
        (seal,) = prepared.seals
        assert (seal.kind, seal.text) == ("watermark", "")
        (ink,) = prepared.inks
        assert ink.is_repeated
        alone = pixels.read(ink.path)
        assert alone is not None
        assert 0.02 < (alone < 128).mean() < 0.2
        assert "remove_watermark" in prepared.steps
    assert prepare(page, "photo", tmp_path).seals == ()


def test_strips_of_a_page_are_not_looked_at(tmp_path: Path) -> None:
    page = page_of(watermarked(_printed()), tmp_path)
    assert prepare(page, "auto", tmp_path, "neural", is_sheet=True).seals == ()
