"""Cutting lines out of a page, and what the recognizer's answer means."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from folio.providers.ppocr.language.languages import LANGUAGES, allowed_classes, telling_classes
from folio.providers.ppocr.onnx.characters import Character, decoded, is_telling
from folio.providers.ppocr.text.crop import Crop, crop

KNOWN = ("", "a", "b", "中", "é", " ")


def answer(*best: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """Of each step the class that is best, and Chinese second."""
    made = np.full((len(best), len(KNOWN)), 0.01, np.float32)
    made[:, 3] = 0.2
    made[range(len(best)), best] = 0.9
    return made


def test_a_run_is_one_character_and_one_that_is_written_twice_has_none_between() -> None:
    found = decoded(answer(0, 1, 1, 0, 1, 5, 2), KNOWN, None, 4.0)
    assert [character.text for character in found] == ["a", "a", " ", "b"]
    assert [(character.left, character.right) for character in found] == [(4, 12), (16, 20), (20, 24), (24, 28)]
    assert found[0].center == 8
    assert found[0].probability == pytest.approx(0.9)


def test_a_character_tells_how_likely_a_blank_is_before_it() -> None:
    likely = answer(1, 0, 2, 1)
    likely[1, 5] = 0.4
    assert [character.blank for character in decoded(likely, KNOWN, None, 1.0)] == pytest.approx([0.01, 0.4, 0.01])
    classes = allowed_classes(KNOWN, ("eng",))
    assert classes is not None
    assert [character.blank for character in decoded(likely[:, classes], KNOWN, classes, 1.0)] == pytest.approx(
        [0.01, 0.4, 0.01]
    )


def test_a_character_tells_what_was_nearly_written_before_it_but_none_of_its_neighbors_and_no_blank() -> None:
    likely = answer(1, 0, 2, 0, 1, 0, 5)
    likely[[1, 3, 5], 0] = 0.5
    likely[1, 4] = 0.4
    likely[3, 1] = 0.45  # the second one of both, a step early
    likely[5, 5] = 0.45
    found = decoded(likely, KNOWN, None, 1.0)
    assert [character.missed for character in found] == pytest.approx([0.0, 0.4, 0.2, 0.2])
    likely[1, 0] = 0.96
    assert decoded(likely, KNOWN, None, 1.0)[1].missed == 0.0  # it is clear that there is none


def test_only_what_the_languages_have_is_read() -> None:
    classes = allowed_classes(KNOWN, ("eng",))
    assert classes is not None
    assert [KNOWN[index] for index in classes] == ["", "a", "b", " "]
    assert [character.text for character in decoded(answer(1, 3, 2)[:, classes], KNOWN, classes, 1.0)] == ["a", "b"]
    french = allowed_classes(KNOWN, ("fra", "eng"))
    assert french is not None
    assert [KNOWN[index] for index in french] == ["", "a", "b", "é", " "]
    assert allowed_classes(KNOWN, ("eng", "chi_sim")) is None
    both = ("", "a", "中", "际", "の", "é")
    for languages, expected in ((("jpn",), ["", "a", "中", "の"]), (("jpn", "fra"), ["", "a", "中", "の", "é"])):
        japanese = allowed_classes(both, languages)
        assert japanese is not None
        assert [both[index] for index in japanese] == expected


def test_what_others_read_is_not_among_its_languages() -> None:
    assert {"rus", "kor", "ara", "tha", "ell", "chi_sim_vert"}.isdisjoint(LANGUAGES)
    assert len(set(LANGUAGES)) == len(LANGUAGES)


def corners(*points: tuple[float, float]) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    return np.array(points, np.float32)


def page() -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """A long bar that is dark at its beginning, across and down."""
    image = Image.new("L", (400, 400), 255)
    pen = ImageDraw.Draw(image)
    pen.rectangle((50, 20, 349, 49), fill=128)
    pen.rectangle((50, 20, 79, 49), fill=0)
    pen.rectangle((20, 60, 49, 359), fill=128)
    pen.rectangle((20, 60, 49, 89), fill=0)
    return np.asarray(image)


@pytest.mark.parametrize(
    ("region", "is_turned"),
    [
        (corners((50, 20), (350, 20), (350, 50), (50, 50)), False),
        (corners((20, 60), (50, 60), (50, 360), (20, 360)), True),
    ],
    ids=["across", "down"],
)
def test_a_line_is_cut_out_along_its_text(
    region: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]", is_turned: bool
) -> None:
    cut = crop(page(), region)
    assert (cut.image.shape, cut.length, cut.is_turned) == ((30, 300), 300, is_turned)
    assert cut.image[:, :29].max() < 20
    assert abs(float(cut.image[:, 40:].mean()) - 128) < 2


def test_upside_down_it_begins_at_its_other_end() -> None:
    cut = crop(page(), corners((50, 20), (350, 20), (350, 50), (50, 50)))
    over = cut.flipped()
    assert over.image[:, -29:].max() < 20
    assert over.corners.tolist() == [[350, 50], [50, 50], [50, 20], [350, 20]]
    assert isinstance(over.flipped(), Crop)
    assert np.array_equal(over.flipped().image, cut.image)


def test_few_wide_characters_tell_wide_ones_from_letters() -> None:
    known = ("", "a", "é", "α", *map(chr, range(0x4E00, 0x4E00 + 64)), " ")
    telling = [known[index] for index in telling_classes(known)]
    assert [text for text in telling if text < "\u4e00"] == ["", "a", "é", "α", " "]
    assert len(telling) == 5 + 64 / 16


def test_clear_letters_tell_what_a_line_is_in() -> None:
    clear = [Character(text, 0.99, 10.0 * index, 10.0 * index + 4) for index, text in enumerate("total due")]
    assert is_telling(clear)
    assert not is_telling([*clear, Character("中", 0.99, 90, 94)])
    assert not is_telling([Character("a", 0.9, 0, 4)])
