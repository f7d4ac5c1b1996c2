"""A photographed sheet: found by its edges, laid flat, and its words lead back to where they were."""

import cv2
import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.preprocess.perspective import corners, rectify_perspective
from tests.support.documents.sheets import INK, PAPER, grain, lines_of_text, paper

SIZE = (900, 1200)  # of the photograph, width and height
SHEETS = [
    [(90, 70), (800, 110), (840, 1120), (60, 1090)],
    [(150, 200), (700, 120), (830, 1080), (100, 1130)],
    [(100, 100), (800, 100), (800, 1100), (100, 1100)],
    [(200, 60), (860, 200), (700, 1140), (40, 1000)],
]
MARKS = [(60, 60), (740, 40), (400, 960), (60, 950)]


def photographed(
    four: list[tuple[int, int]], ground: float = 80, blank: tuple[slice, slice] = (slice(0), slice(0))
) -> tuple[Grey, "cv2.typing.MatLike"]:
    """A page of text with four dots, a part of it blank, lying on a table; and the matrix from its pixels to these."""
    sheet = lines_of_text()
    sheet[blank] = PAPER
    for x, y in MARKS:
        sheet[y - 6 : y + 6, x - 6 : x + 6] = INK
    height, width = sheet.shape
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    there = cv2.getPerspectiveTransform(flat, np.array(four, np.float32))
    table = np.clip(ground + 0.15 * (grain(SIZE[1], SIZE[0], 4.0).astype(float) - 128), 0, 255).astype(np.uint8)
    lying = cv2.warpPerspective(sheet, there, SIZE)
    mask = cv2.warpPerspective(np.full_like(sheet, 255), there, SIZE)
    return np.where(mask > 127, lying, table).astype(np.uint8), there


def at(matrix: "cv2.typing.MatLike", point: tuple[float, float]) -> tuple[float, float]:
    x, y, depth = matrix @ np.array([*point, 1.0])
    return float(x / depth), float(y / depth)


@pytest.mark.parametrize("four", SHEETS)
def test_the_corners_of_a_sheet_are_found(four: list[tuple[int, int]]) -> None:
    found = corners(photographed(four)[0])
    assert found is not None
    assert np.abs(found - np.array(four)).max() < 3


@pytest.mark.parametrize("four", SHEETS)
def test_the_sheet_is_laid_flat_and_the_way_back_leads_to_the_picture(four: list[tuple[int, int]]) -> None:
    image, there = photographed(four)
    outcome = rectify_perspective(image)
    assert outcome.done
    assert float((outcome.image < 150).mean()) < 0.25, "the table is gone"
    stats, middles = cv2.connectedComponentsWithStats((outcome.image < 120).astype(np.uint8))[2:]
    dots = [
        (float(x) + 0.5, float(y) + 0.5)
        for (x, y), (_, _, wide, high, area) in zip(middles[1:], stats[1:], strict=True)
        if area > 0.85 * wide * high and min(wide, high) >= 8 and max(wide, high) <= 22
    ]
    for mark in MARKS:
        x, y = at(there, mark)
        assert min(np.hypot(x - u, y - v) for u, v in (outcome.back.point(dot) for dot in dots)) < 2


@pytest.mark.parametrize("image", [lines_of_text(), paper(800, 600), grain(), lines_of_text(lines=4, words=2)])
def test_where_no_sheet_is_to_be_seen_the_picture_stays(image: Grey) -> None:
    outcome = rectify_perspective(image)
    assert not outcome.done
    assert outcome.image is image


def test_a_sheet_on_a_table_as_light_as_itself_stays() -> None:
    assert not rectify_perspective(photographed(SHEETS[0], ground=PAPER - 15)[0]).done


def test_a_table_in_a_page_is_no_sheet() -> None:
    page = lines_of_text()
    page[200:700, 60:740] = np.minimum(page[200:700, 60:740], 200)
    assert not rectify_perspective(page).done


@pytest.mark.parametrize(("pitch", "margin"), [(1.15, 110), (1.3, 110), (1.15, 150)])
def test_a_block_of_light_letters_on_dark_is_no_sheet(pitch: float, margin: int) -> None:
    text = lines_of_text(lines=30, words=20, size=(900, 1200), height=26, pitch=pitch)
    text[:, -margin:] = PAPER
    text[: margin // 2] = PAPER
    assert corners((255 - text).astype(np.uint8)) is None


@pytest.mark.parametrize(("shade", "ground"), [(0.7, 60), (0.5, 30), (0.55, 118)])
@pytest.mark.parametrize("is_upper", [True, False])
def test_a_folded_sheet_is_not_cut_at_its_fold(shade: float, ground: float, is_upper: bool) -> None:
    """One half lies in shadow; on a table as dark as that nobody can tell the sheet, and the picture stays."""
    four = SHEETS[0]
    image, _ = photographed(four, ground)
    fold = (four[0][1] + four[3][1]) // 2
    half = np.zeros(image.shape, bool)
    half[:fold] = is_upper
    half[fold:] = not is_upper
    mask = cv2.fillConvexPoly(np.zeros(image.shape, np.uint8), np.array(four, np.int32), 1) > 0
    image = np.where(half & mask, image * shade, image).astype(np.uint8)
    sheet = corners(image)
    assert sheet is None or cv2.contourArea(sheet) > 0.95 * cv2.contourArea(np.array(four, np.float32))
    if shade == 0.7:
        assert sheet is not None


def test_a_folded_sheet_is_not_cut_where_its_shaded_part_has_little_print() -> None:
    four = SHEETS[0]
    image, _ = photographed(four, 85, (slice(0, 500), slice(130, 800)))
    fold = (four[0][1] + four[3][1]) // 2
    mask = cv2.fillConvexPoly(np.zeros(image.shape, np.uint8), np.array(four, np.int32), 1) > 0
    mask[fold:] = False
    image = np.where(mask, image * 0.52, image).astype(
        np.uint8
    )  # so near to the table that it is not told by its edges
    assert corners(image) is None


@pytest.mark.parametrize("size", [(0.9, 0.9), (0.9, 0.45)])
def test_of_two_sheets_on_a_table_none_is_cut_off(size: tuple[float, float]) -> None:
    """Both sides of a card, or two slips, are on one picture: what is beside the larger one is read too."""
    image = np.full((1000, 2000), 70, np.uint8)
    for left, share in zip((60, 1060), size, strict=True):
        sheet = lines_of_text(lines=14, words=6, size=(round(900 * share), round(900 * share)))
        image[50 : 50 + sheet.shape[0], left : left + sheet.shape[1]] = sheet
    assert corners(image) is None
    image[:, 1000:] = 70
    image[300:600, 1100:1400] = PAPER  # a light thing without print is no sheet
    assert corners(image) is not None


@pytest.mark.parametrize("is_head", [True, False])
def test_a_page_with_a_band_of_color_is_no_sheet_on_a_table(is_head: bool) -> None:
    """Light letters stand on the band, as a seller's name on an invoice."""
    page = lines_of_text()
    band = np.s_[:110] if is_head else np.s_[-110:]
    page[band] = 70
    cv2.putText(page, "INVOICE", (60, 80 if is_head else page.shape[0] - 40), cv2.FONT_HERSHEY_SIMPLEX, 2, 250, 4)
    assert corners(page) is None


@pytest.mark.parametrize("width", [0.04, 0.15])
def test_a_soft_shadow_on_a_sheet_is_not_its_edge(width: float) -> None:
    """A telephone's shadow lies over the part of a card that has its large figures: nothing is cut off."""
    image = np.full((900, 1400), 225, np.float32)
    image[:40] = 60  # the table
    image[200:212, 120:600:3] = image[500:512, 120:600:3] = INK
    for left in range(880, 1300, 60):
        image[200:700:90, left : left + 24] = image[140:760, left : left + 14] = INK
    along = (np.arange(1400) / 1400 - 0.55) / width
    image *= 1 - 0.6 / (1 + np.exp(-along * 4.4))
    assert corners(image.astype(np.uint8)) is None


def lit_panel(ground: Grey) -> Grey:
    """A lit display with dark figures on a device whose front is `ground`, seen a little askew."""
    image = ground.copy()
    image[250:700, 300:1000] = PAPER
    cv2.putText(image, "0527.4", (340, 540), cv2.FONT_HERSHEY_SIMPLEX, 5, INK, 14)
    height, width = image.shape
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    askew = np.array([(20, 30), (width - 10, 0), (width - 40, height - 20), (0, height)], np.float32)
    turned = cv2.warpPerspective(
        image, cv2.getPerspectiveTransform(flat, askew), (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    noise = np.random.default_rng(5).normal(0, 4, turned.shape)
    return np.asarray(np.clip(cv2.GaussianBlur(turned, (0, 0), 1) + noise, 0, 255), np.uint8)


def test_a_lit_display_on_a_plain_dark_device_is_laid_flat() -> None:
    assert corners(lit_panel(np.full((1000, 1300), 45, np.uint8))) is not None


@pytest.mark.parametrize("is_upright", [True, False])
@pytest.mark.parametrize(("device", "ink"), [(45, 230), (20, 110)])
def test_what_is_printed_on_a_device_beside_its_display_is_not_cut_off(device: int, ink: int, is_upright: bool) -> None:
    front = np.full((1000, 1300), device, np.uint8)
    cv2.putText(front, "Energy meter", (340, 180), cv2.FONT_HERSHEY_SIMPLEX, 1.5, ink, 3)
    cv2.putText(front, "Tare", (340, 860), cv2.FONT_HERSHEY_SIMPLEX, 1, ink, 2)
    image = lit_panel(front)
    assert corners(image if is_upright else np.ascontiguousarray(np.rot90(image))) is None


def test_a_photographed_page_keeps_the_band_of_color_along_its_head() -> None:
    image = np.full((1300, 1000), 60, np.uint8)
    image[120:1180, 100:900] = np.pad(lines_of_text(lines=18), ((60, 0), (0, 0)), constant_values=PAPER)
    image[120:260, 100:900] = 75
    cv2.putText(image, "INVOICE", (150, 220), cv2.FONT_HERSHEY_SIMPLEX, 2.5, 250, 5)
    assert corners(image) is None
