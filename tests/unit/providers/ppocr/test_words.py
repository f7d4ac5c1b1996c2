"""Words of a line: where they are parted, and boxes on their ink."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from folio.models import Line
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.crop import Crop
from folio.providers.ppocr.text.ink import Ink
from folio.providers.ppocr.text.words import make_line

HEIGHT, LETTER, STROKE_TOP, STROKE_BOTTOM = 40, 12, 8, 32
AT = (100.0, 200.0)  # of the crop on its page


def drawn(*starts: int, width: int = 400) -> Image.Image:
    """Letters as bars, each LETTER wide."""
    image = Image.new("L", (width, HEIGHT), 255)
    for start in starts:
        ImageDraw.Draw(image).rectangle((start, STROKE_TOP, start + LETTER - 1, STROKE_BOTTOM - 1), fill=0)
    return image


def line(image: Image.Image, *characters: tuple[str, float], blank: float = 0.0) -> Line:
    """What the characters, at their centers, make on the crop; `blank` is what the recognizer gives for blanks."""
    (x, y), (width, height) = AT, image.size
    corners = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], np.float32)
    found = make_line(
        Crop(np.asarray(image), corners),
        [Character(text, 0.9, center - 4, center + 4, blank) for text, center in characters],
    )
    assert found is not None
    return found


def boxes(found: Line) -> list[tuple[float, ...]]:
    """Of the words, in the crop's pixels."""
    return [(left - AT[0], top - AT[1], right - AT[0], bottom - AT[1]) for left, top, right, bottom in
            (word.bounds for word in found.words)]  # fmt: skip


def test_words_are_parted_at_blanks_and_boxed_by_their_ink() -> None:
    found = line(drawn(20, 36, 100, 116), ("a", 24), ("b", 44), (" ", 70), ("c", 104), ("d", 124))
    assert (found.text, [word.text for word in found.words]) == ("ab cd", ["ab", "cd"])
    assert boxes(found) == [(20, STROKE_TOP, 48, STROKE_BOTTOM), (100, STROKE_TOP, 128, STROKE_BOTTOM)]
    assert found.bounds == (120, 200 + STROKE_TOP, 228, 200 + STROKE_BOTTOM)
    assert found.confidence == 0.755  # of words whose characters have 0.9


def test_a_gap_much_wider_than_the_others_is_a_blank_the_recognizer_did_not_see() -> None:
    places = (20, 36, 52, 68, 120, 136, 152)
    found = line(drawn(*places), *[(letter, place + 6) for letter, place in zip("14ab567", places, strict=True)])
    assert [word.text for word in found.words] == ["14ab", "567"]


@pytest.mark.parametrize(("text", "words"), [("14a_567", ["14a_567"]), ("14a__67", ["14a_", "_67"])])
def test_an_underscore_joins_what_it_stands_between(text: str, words: list[str]) -> None:
    places = (20, 36, 52, 68, 120, 136, 152)
    found = line(drawn(*places), *[(letter, place + 6) for letter, place in zip(text, places, strict=True)])
    assert [word.text for word in found.words] == words


def test_in_monospaced_print_room_beside_narrow_letters_is_no_blank() -> None:
    text, places = "data.values", [20 + 16 * index for index in range(11)]
    image = drawn(*(place for place, one in zip(places, text, strict=True) if one != "."))
    ImageDraw.Draw(image).rectangle((places[4] + 5, STROKE_TOP, places[4] + 6, STROKE_BOTTOM), fill=0)
    read = [Character(one, 0.9, place + 2, place + 10, 0.1) for one, place in zip(text, places, strict=True)]
    corners = np.array([(0, 0), (400, 0), (400, HEIGHT), (0, HEIGHT)], np.float32)

    def words(pitches: tuple[float, ...]) -> list[str]:
        found = make_line(Crop(np.asarray(image), corners), read, pitches=pitches)
        return [word.text for word in found.words] if found else []

    assert words(()) == ["data.", "values"]
    assert words((16.0,)) == ["data.values"]


@pytest.mark.parametrize(
    ("text", "before", "after", "words"),
    [
        ('ab"cd', 0.01, 0.3, ['ab"', "cd"]),
        ('ab"cd', 0.3, 0.01, ["ab", '"cd']),
        ('ab"cd', 0.05, 0.05, ['ab"cd']),
        ('5"7', 0.01, 0.3, ['5"7']),  # inches
    ],
)
def test_a_quote_between_letters_has_a_blank_on_the_likelier_side(
    text: str, before: float, after: float, words: list[str]
) -> None:
    places = [20 + 14 * index for index in range(len(text))]
    blanks = {text.index('"'): before, text.index('"') + 1: after}
    characters = [
        Character(one, 0.9, place + 2, place + 10, blanks.get(index, 0.0))
        for index, (one, place) in enumerate(zip(text, places, strict=True))
    ]
    corners = np.array([(0, 0), (400, 0), (400, HEIGHT), (0, HEIGHT)], np.float32)
    found = make_line(Crop(np.asarray(drawn(*places)), corners), characters)
    assert found is not None
    assert [word.text for word in found.words] == words


@pytest.mark.parametrize(("blank", "gap", "words"), [(0.3, 6, 2), (0.3, 0, 1), (0.05, 12, 2), (0.0, 12, 1)])
def test_the_less_the_recognizer_thinks_of_a_blank_the_wider_its_gap_is(blank: float, gap: int, words: int) -> None:
    places = (20, 34, 48, 62, 74 + gap)
    image = drawn(*places)
    read = line(image, *[(letter, place + 6) for letter, place in zip("Page1", places, strict=True)], blank=blank)
    # What it gives for blanks between other letters has no gap.
    assert len(read.words) == words


def test_no_blank_is_made_before_what_clings_to_a_word() -> None:
    places = (20, 36, 52, 68, 120)
    found = line(drawn(*places), *[(letter, place + 6) for letter, place in zip("word.", places, strict=True)])
    assert [word.text for word in found.words] == ["word."]


def test_chinese_characters_are_words_of_their_own() -> None:
    found = line(drawn(20, 40, 60), ("中", 26), ("文", 46), ("a", 66))
    assert [word.text for word in found.words] == ["中", "文", "a"]
    assert found.text == "中文a"
    assert [left for left, *_ in boxes(found)] == [20, 40, 60]


def test_white_within_a_chinese_character_is_not_between_two() -> None:
    image = Image.new("L", (400, HEIGHT), 255)
    for left, right in ((20, 32), (44, 52), (56, 64), (76, 88)):  # two characters of two parts
        ImageDraw.Draw(image).rectangle((left, STROKE_TOP, right - 1, STROKE_BOTTOM - 1), fill=0)
    assert [(left, right) for left, _, right, _ in boxes(line(image, ("川", 36), ("州", 72)))] == [(20, 52), (56, 88)]


def test_a_chinese_character_beside_letters_is_as_wide_as_others() -> None:
    """Of 邮 the left half stands apart; most characters of the line are narrow."""
    letters = [(letter, 112.0 + 14 * at) for at, letter in enumerate("desk.example")]
    bars = (10, 26, 50, 66, *(106 + 14 * at for at in range(len(letters))))
    assert boxes(line(drawn(*bars), ("邮", 28), ("件", 64), *letters))[0][::2] == (10, 38)
    behind = [(letter, 16.0 + 14 * at) for at, letter in enumerate("desk.example")]
    bars = (*(10 + 14 * at for at in range(len(behind))), 190, 206, 230, 246)
    assert boxes(line(drawn(*bars), *behind, ("件", 204), ("邮", 240)))[-1][::2] == (230, 258)


def test_a_stroke_as_high_as_the_crop_is_ink_unless_it_is_alone() -> None:
    image = drawn(60)
    pen = ImageDraw.Draw(image)
    pen.rectangle((20, 16, 43, 24), fill=0)
    pen.rectangle((30, 0, 33, HEIGHT - 1), fill=0)  # as in a Chinese character for "middle"
    pen.rectangle((1, 0, 2, HEIGHT - 1), fill=0)  # the border of a cell
    assert boxes(line(image, ("中", 32), ("a", 66)))[0] == (20, 0, 44, HEIGHT)


def test_rules_and_neighbouring_lines_are_no_ink_of_a_word() -> None:
    image = drawn(100, 116)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 36, 399, 37), fill=0)  # a rule below
    pen.rectangle((104, 0, 112, 4), fill=0)  # the foot of a letter above
    pen.rectangle((60, 0, 61, HEIGHT), fill=0)  # the border of a cell
    assert boxes(line(image, ("a", 106), ("b", 122))) == [(100, STROKE_TOP, 128, STROKE_BOTTOM)]


def test_a_word_ends_where_its_ink_does_wherever_the_recognizer_sees_its_last_character() -> None:
    image = drawn(20, 36, 100, 116)
    late = line(image, ("a", 26), ("b", 52), (" ", 70), ("c", 106), ("d", 134))
    assert boxes(late) == [(20, STROKE_TOP, 48, STROKE_BOTTOM), (100, STROKE_TOP, 128, STROKE_BOTTOM)]
    early = line(image, ("a", 14), ("b", 42), (" ", 70), ("c", 96), ("d", 122))
    assert boxes(early) == boxes(late)


def test_a_comma_at_the_edge_of_its_crop_is_ink() -> None:
    image = drawn(20, 36)
    ImageDraw.Draw(image).rectangle((52, 28, 55, HEIGHT - 1), fill=0)
    assert boxes(line(image, ("a", 26), ("b", 42), (",", 54))) == [(20, STROKE_TOP, 56, HEIGHT)]


def test_light_on_dark_is_ink_too() -> None:
    dark = Image.eval(drawn(20, 36), lambda value: 255 - value)
    assert boxes(line(dark, ("a", 26), ("b", 42))) == [(20, STROKE_TOP, 48, STROKE_BOTTOM)]


def test_where_no_ink_is_left_the_crop_is_the_box() -> None:
    assert Ink(np.full((30, 90), 255, np.uint8)).rows(10, 20) == (0, 30)


def test_nothing_read_is_no_line() -> None:
    crop = Crop(np.asarray(drawn(20)), np.zeros((4, 2), np.float32))
    assert make_line(crop, []) is None
    assert make_line(crop, [Character(" ", 0.9, 0, 8)]) is None


def test_a_rule_between_tiers_that_ends_in_the_line_is_no_ink_of_the_characters_beside_it() -> None:
    """It stands where nothing was read; what was read as a stroke stays one."""
    image = drawn(20, 40, 100, 120)
    ImageDraw.Draw(image).rectangle((76, 10, 77, HEIGHT - 1), fill=0)
    ends = [(20, 32), (40, 52), (100, 112), (120, 132)]
    tiers = line(image, ("中", 26), ("文", 46), ("年", 106), ("月", 126))
    assert [(left, right) for left, _, right, _ in boxes(tiers)] == ends
    strokes = line(image, ("中", 26), ("文", 46), ("一", 76), ("年", 106), ("月", 126))
    assert [(left, right) for left, _, right, _ in boxes(strokes)] == [*ends[:2], (76, 78), *ends[2:]]
