"""Dark fields, screened grounds and punch holes: what hides letters goes, letters and pictures stay."""

import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.preprocess.illumination import local_contrast, normalize_illumination
from folio.preprocess.regions import descreen, invert_dark_regions, remove_punch_holes
from folio.preprocess.threshold import binarize_locally
from tests.support.documents.sheets import INK, PAPER, grain, lines_of_text

TEXT = lines_of_text()
FIELD = (slice(300, 420), slice(60, 740))
LIGHT, DARK = 235, 30


def with_field(ink: int = LIGHT, ground: int = DARK) -> Grey:
    """The text, of which some lines stand in other colours."""
    image = TEXT.copy()
    piece = image[FIELD].astype(float)
    image[FIELD] = (ground + (PAPER - piece) / (PAPER - INK) * (ink - ground)).astype(np.uint8)
    return image


def with_screen(period: int = 4) -> Grey:
    """The text, of which some lines stand on a ground of dots."""
    image = TEXT.copy()
    down, across = np.indices(image.shape)
    dot = (down % period < period // 2) & ((across + down // period * (period // 2)) % period < period // 2)
    dots = np.where(dot, 200, 0)
    image[FIELD] = np.minimum(image[FIELD], PAPER - dots[FIELD])
    return image


def with_holes(*middles: tuple[int, int], radius: int = 10) -> Grey:
    image = TEXT.copy()
    down, across = np.indices(image.shape)
    for x, y in middles:
        image = np.where((down - y) ** 2 + (across - x) ** 2 <= radius**2, INK, image).astype(np.uint8)
    return image


def test_light_letters_on_a_dark_field_become_dark_on_light_and_the_others_stay() -> None:
    outcome = invert_dark_regions(with_field())
    assert outcome.done
    assert np.abs(outcome.image[FIELD][5:-5, 5:-5].astype(int) - TEXT[FIELD][5:-5, 5:-5]).mean() < 20
    outside = np.ones(TEXT.shape, bool)
    outside[FIELD] = False
    assert (outcome.image[outside] == TEXT[outside]).mean() > 0.995


def test_a_whole_page_of_light_letters_becomes_dark_on_light() -> None:
    outcome = invert_dark_regions((255 - TEXT).astype(np.uint8))
    assert outcome.done
    assert np.array_equal(outcome.image, TEXT)


def test_a_line_alone_on_a_dark_page_becomes_dark_on_light() -> None:
    page = np.full((2400, 1700), PAPER, np.uint8)
    page[300:400, 200:900] = TEXT[60:160, 60:760]
    assert np.array_equal(invert_dark_regions((255 - page).astype(np.uint8)).image, page)


@pytest.mark.parametrize("page", [with_screen(), with_field()], ids=["screen", "field"])
def test_of_a_page_of_light_letters_all_is_turned(page: Grey) -> None:
    outcome = invert_dark_regions((255 - page).astype(np.uint8))
    assert outcome.done
    assert np.array_equal(outcome.image, invert_dark_regions(page).image)


def with_rules() -> Grey:
    """The text, with more ruling lines than letters."""
    image = TEXT.copy()
    image[70::34, 40:760] = image[71::34, 40:760] = image[72::34, 40:760] = INK
    image[72:, 40:760:90] = image[72:, 41:760:90] = INK
    return image


def pale() -> Grey:
    """A page printed with the last of the ink."""
    return np.where(TEXT < 128, 205, 255).astype(np.uint8)


@pytest.mark.parametrize("page", [with_rules(), pale()], ids=["table", "pale"])
def test_neither_lines_nor_pale_letters_hide_that_a_page_is_light_on_dark(page: Grey) -> None:
    assert np.array_equal(invert_dark_regions((255 - page).astype(np.uint8)).image, invert_dark_regions(page).image)


def test_a_dark_page_stays_that_is_not_light_on_dark() -> None:
    night = (grain(1000, 800, 12.0) // 3).astype(np.uint8)
    underexposed = (TEXT // 3).astype(np.uint8)
    on_a_table = np.full((2000, 1600), 20, np.uint8)
    on_a_table[500:1500, 400:1200] = TEXT
    for image in (night, underexposed, on_a_table):
        assert not invert_dark_regions(image).done


def test_text_around_a_dark_slide_stays() -> None:
    sheet = np.full((1400, 1000), PAPER, np.uint8)
    slide = np.s_[100:1100, 100:900]
    sheet[slide] = 255 - TEXT
    sheet[1200:1300, 100:800] = TEXT[60:160, 60:760]
    after = invert_dark_regions(sheet).image
    assert np.array_equal(after[1150:], sheet[1150:])
    assert np.array_equal(after[200:1000, 200:800], TEXT[100:900, 100:700])


@pytest.mark.parametrize("ground", [130, 180, 210])
def test_dark_letters_on_a_coloured_field_stay(ground: int) -> None:
    assert not invert_dark_regions(with_field(ink=INK, ground=ground)).done


def test_a_picture_a_black_box_and_a_ruled_frame_are_no_fields() -> None:
    picture, box, frame = TEXT.copy(), TEXT.copy(), TEXT.copy()
    picture[300:600, 100:600] = grain(300, 500, 12.0) // 2
    box[300:420, 100:600] = 10
    frame[20:30, 20:780] = frame[970:980, 20:780] = 0
    frame[20:980, 20:30] = frame[20:980, 770:780] = 0
    for image in (TEXT, picture, box, frame):
        assert not invert_dark_regions(image).done


@pytest.mark.parametrize("period", [4, 6])
def test_a_screen_becomes_an_even_light_ground_and_its_letters_stay(period: int) -> None:
    screened = with_screen(period)
    outcome = descreen(screened)
    assert outcome.done
    inside = outcome.image[FIELD][20:-20, 20:-20]
    letters = TEXT[FIELD][20:-20, 20:-20] < 60
    paper = TEXT[FIELD][20:-20, 20:-20] == PAPER
    assert np.median(inside[paper]) - np.median(inside[letters]) > 50
    assert np.median(inside[paper]) > 220
    assert inside[paper].std() < 0.7 * screened[FIELD][20:-20, 20:-20][paper].std()


@pytest.mark.parametrize("height", [14, 20, 30])
def test_text_is_no_screen(height: int) -> None:
    assert not descreen(lines_of_text(height=height)).done


@pytest.mark.parametrize("middles", [[(25, 200), (25, 800)], [(780, 300), (780, 700)], [(200, 25), (600, 25)]])
def test_punch_holes_at_a_side_are_filled_with_paper(middles: list[tuple[int, int]]) -> None:
    outcome = remove_punch_holes(with_holes(*middles))
    assert outcome.done
    assert np.array_equal(outcome.image, TEXT)


@pytest.mark.parametrize(
    ("middles", "radius"),
    [
        ([(300, 975), (500, 975)], 3), ([(300, 950), (500, 950)], 40), ([(400, 300), (400, 700)], 10),
        ([(25, 500)], 10), ([(25, 300), (60, 700)], 10),
    ],
)  # fmt: skip
def test_dots_large_discs_single_ones_and_those_in_no_row_stay(middles: list[tuple[int, int]], radius: int) -> None:
    assert not remove_punch_holes(with_holes(*middles, radius=radius)).done


def test_a_shadow_with_an_edge_goes_by_even_light() -> None:
    image = TEXT.copy()
    image[:, 350:] = (image[:, 350:] * 0.5).astype(np.uint8)
    read = normalize_illumination(image).image
    paper = (TEXT == PAPER) & (np.abs(np.indices(TEXT.shape)[1] - 350) > 30)
    assert image[paper].std() > 50
    assert read[paper].std() < 12
    assert read[TEXT < 40].max() < 160


def test_faint_print_has_more_contrast_by_local_contrast() -> None:
    faint = (200 + (TEXT.astype(int) - PAPER) // 6).astype(np.uint8)
    assert np.ptp(local_contrast(faint).image) > 1.5 * np.ptp(faint)


def test_a_local_threshold_keeps_ink_black_in_light_and_shadow() -> None:
    shaded = (TEXT * np.linspace(1, 0.35, TEXT.shape[1])[None, :]).astype(np.uint8)
    read = binarize_locally(shaded).image
    assert set(np.unique(read)) == {0, 255}
    assert (read[TEXT == PAPER] == 255).mean() > 0.995
    assert (read[TEXT < 30] == 0).mean() > 0.95
