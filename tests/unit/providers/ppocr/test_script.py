"""The script of a page, from what was read of its lines."""

from itertools import repeat

import cv2
import msgspec
import numpy as np
import pytest

from folio.errors import BlurredWriting, UnreadableScript
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.page.script import (
    find_script,
    has_doubtful_accent,
    is_japanese_alone,
    is_pattern,
    is_plain,
)
from folio.providers.ppocr.text.crop import Crop
from folio.providers.scripts import LATIN

Seen = tuple[Crop, list[Character]]


def line(text: str, probability: float = 0.99, *, heights: int = 12) -> Seen:
    """A line of writing so many times as long as it is high, and what was read of it."""
    image = np.full((40, 40 * heights), 255, np.uint8)
    image[10:30, ::8] = 0
    characters = [Character(character, probability, 0.0, 1.0) for character in text]
    return Crop(image, np.zeros((4, 2), np.float32)), characters


def letters(text: str) -> Seen:
    """A line of sure characters and, for each question mark, an l that is said with 0.3."""
    crop, characters = line(text)
    return crop, [Character("l", 0.3, 0.0, 1.0) if one.text == "?" else one for one in characters]


def page(*texts: str, probability: float = 0.99) -> list[Seen]:
    return [line(text, probability) for text in texts]


@pytest.mark.parametrize(
    ("texts", "script"),
    [
        (("All human beings are born", "free and equal in dignity"), "Latn"),
        (("人人生而自由在尊严和权利上", "一律平等他们赋有理性和良心"), "Hani"),
        (("すべての人間は生まれながらに", "して自由であり尊厳と権利とに"), "Jpan"),
        (("A long line of English words", "二〇〇八年 annual report text"), "Hani"),
    ],
)
def test_the_script_is_that_of_the_letters(texts: tuple[str, ...], script: str) -> None:
    assert find_script(page(*texts)) == script


@pytest.mark.parametrize(
    "lines",
    [
        page("  ,   .", "", " ,", ""),  # Cyrillic
        page("12 + 3", "", "=  4", " "),  # Korean with numbers
        page("Tagnvuaa n v a uuaLAUU", "aluuans lADAAANaAinvii", probability=0.6),  # Thai
        page("α να σιναι α τ να λγι και", "τα διαατα και πιισνι ε"),  # Greek, half of it
        [line("18.10.2013    3,738.53 "), line("07.08.2019    651.50"), *page("", " ", " ,", "")],  # a Russian table
        # Thai, of which more than half of the letters are sure, and a third of the lines ends with Latin words.
        [*map(letters, ["nUn?lI?naSM?L", "UB?nS?LUnn?IS", "n?UlSn?aSSU?n"]), letters("sn?U?nUB iPhone 15 Pro")],
    ],
)
def test_lines_with_next_to_nothing_in_them_are_in_a_script_it_does_not_read(lines: list[Seen]) -> None:
    with pytest.raises(UnreadableScript, match=r"Korean \(kor\), Arabic \(ara\)"):
        find_script(lines)


def test_a_stamp_or_some_lines_that_were_not_read_accuse_no_page() -> None:
    assert find_script([line("", heights=15)]) == "Latn"
    unread = list(repeat(line(""), 5))
    read = page("All human beings are", "born free and equal", "in dignity and rights")
    assert find_script([*unread, *read]) == "Latn"


def test_a_page_that_is_hard_to_read_is_in_the_script_of_its_clear_words() -> None:
    blurred = ["All hum?n beings are", "born free and equal", "in d?gnity and rights", "They are end?wed with"]
    assert find_script(list(map(letters, blurred))) == LATIN
    # Half of what is said of a blurred newspaper is sure; a wide character tells nothing of those beside it.
    assert find_script([letters("すべ??人間は???がら?自由であり?") for _ in range(3)]) == "Jpan"


def test_a_table_line_with_wide_gaps_is_measured_by_its_ink() -> None:
    image = np.full((40, 2000), 255, np.uint8)
    image[10:30, :100:8] = image[10:30, 1900::8] = 0
    row = Crop(image, np.zeros((4, 2), np.float32)), [Character(one, 0.99, 0.0, 1.0) for one in "Total12.50"]
    assert find_script([row] * 5) == "Latn"


def test_many_letters_without_an_accent_are_a_language_without() -> None:
    english = page(*["All human beings are born free and equal"] * 8)
    assert is_plain(english)
    assert not is_plain(english[:3])  # too few to tell
    assert not is_plain([*english, *page("alle Menschen sind gleich an Würde")])
    assert is_plain([*english, *page("a caf\u00e9", probability=0.9)])  # a doubtful one is none
    assert is_plain([*english * 2, *page("Jos\u00e9 Brown")])  # the one accent of a long page is a name's


def test_an_accent_is_doubtful_that_is_not_clear() -> None:
    assert has_doubtful_accent(line("r\u00e9sum\u00e9", 0.9)[1])
    assert not has_doubtful_accent(line("r\u00e9sum\u00e9", 0.97)[1])
    assert not has_doubtful_accent(line("resume \u2013 \u20ac", 0.5)[1])
    assert not has_doubtful_accent(line("\u4eba\u4eba\u751f\u800c", 0.5)[1])  # Chinese
    assert has_doubtful_accent(line("5\u308d3", 0.5)[1])  # a sign among digits that was taken for Japanese


def test_a_page_is_japanese_alone_without_clear_characters_that_only_chinese_has() -> None:
    japanese = page("すべての人間は生まれながらに", "して自由であり尊厳と権利とに")
    assert is_japanese_alone(japanese)
    assert is_japanese_alone([*japanese, line("实际对", 0.9)])
    assert not is_japanese_alone([*japanese, line("实际对")])
    assert not is_japanese_alone(page("人人生而自由の尊厳和権利上一律平等"))


def test_rows_of_stars_and_dashes_are_no_chinese() -> None:
    assert find_script(page("Total 12.50 Summary of sales", "一一一一一一", "东", "Thank you for your visit")) == LATIN
    assert is_pattern(line("东东东")[1])
    assert is_pattern(line("一 一 一本")[1])
    assert is_pattern(line("京水案", 0.5)[1])
    assert not is_pattern(line("东京")[1])
    assert not is_pattern(line("Total")[1])


def test_the_cipher_of_an_invoice_tells_nothing_of_its_script() -> None:
    cipher = ("6*>62809+61454/*0-+/3+/6117", "764>6091<46<9211*/19<*666<0", "688713-6/2454>3401/50546/07")
    names = [
        line("某省增值税普通发票", heights=9),
        line("购买方名称", heights=5),
        line("松海省人汉龙路", 0.7, heights=7),
    ]
    assert find_script([*(line(text, heights=16) for text in cipher), *names]) == "Hani"
    with pytest.raises(UnreadableScript):  # beside writing of which nothing is read
        find_script([*(line(text, heights=16) for text in cipher), *page(" ,", "", ".")])


def test_rows_of_signs_and_points_tell_nothing_of_a_page_s_script() -> None:
    said = line("CHANGE 8.00", heights=6)
    stars, hashes = line("*" * 40, heights=30), line("#" * 40, 0.5, heights=20)
    leader, characters = line("1. Preface" + "." * 40 + "3", heights=30)
    spread = [msgspec.structs.replace(one, left=24.0 * at, right=24.0 * at + 8) for at, one in enumerate(characters)]
    leader.image[:25, 12 * 40 :] = 255
    leader.image[28:30] = 255
    assert find_script([said, stars, hashes, (leader, spread)]) == LATIN
    with pytest.raises(UnreadableScript):
        find_script([said, line(",.,.,.,.,.", heights=30), line(" , ", heights=20)])


@pytest.mark.parametrize(
    ("texts", "probability"),
    [
        (["∀x∈∅∃y:¬(x≤y)∧y≥∞", "T=≡≡∼⊕⊗⊥∠△"], 0.85),  # formulas
        (["∑∏∫∂∇√∞≈≠≤≥", "±×÷·°%∝αν"], 0.9),  # in which Greek letters stand
        (["→→←←⇒⇔", "↓↓↓↓↑↑↑↑"], 0.75),
        (["●●○●○●●○●", "√√X√XX√√√X"], 0.55),
        (["□口口口口", "□□口口□"], 0.6),  # boxes to tick
    ],
)
def test_lines_of_signs_tell_nothing_of_a_page_s_script(texts: list[str], probability: float) -> None:
    assert find_script([line(text, probability, heights=11) for text in texts * 4]) == LATIN


def test_letters_beside_a_few_signs_are_still_unread() -> None:
    with pytest.raises(UnreadableScript):
        find_script([line(text, 0.45, heights=14) for text in ["s <-m3 !5-<R?", " = ", "4 + a"] * 3])


SMUDGED = (
    "protected from disclosues, Diseenintion, disribution or copying",
    "than the imtended reveiver: motify us immediatsly by telephome, and",
    "if anyone other retura thitasimile with this message by mail to us",
)


def test_smudged_print_is_told_by_its_words() -> None:
    said = page("DAVIS POLK", probability=0.99)
    assert find_script([*said, *(line(text, 0.7, heights=40) for text in SMUDGED)]) == LATIN
    garbled = [text.translate(str.maketrans("aeiou", "uoaei")) for text in SMUDGED]
    with pytest.raises(UnreadableScript):
        find_script([*said, *(line(text, 0.7, heights=40) for text in garbled)])


def test_words_of_clear_lines_tell_nothing_of_the_others() -> None:
    clear = line("Agreement between Microsoft Corporation customers", heights=20)
    with pytest.raises(UnreadableScript):
        find_script([clear, *page(" ,", "  ,   .", "", " .,", "", "", "", "")])


def test_what_is_not_read_since_it_is_blurred_is_said_to_be_so() -> None:
    unread = page("  ,   .", "", " ,", "")
    with pytest.raises(UnreadableScript, match=r"it may be Korean"):
        find_script(unread)
    soft = [
        (Crop(cv2.GaussianBlur(crop.image, (0, 0), 6).astype(np.uint8), crop.corners), read)
        for crop, read in bars(unread)
    ]
    with pytest.raises(BlurredWriting, match="too blurred"):
        find_script(soft)
    assert find_script([(crop, line("All human beings are born")[1]) for crop, _ in soft]) == LATIN  # it is read


def test_a_camera_that_moved_blurs_one_way() -> None:
    moved = [
        (Crop(cv2.blur(crop.image, (31, 1)).astype(np.uint8), crop.corners), read)
        for crop, read in bars(page("", " ,", ""))
    ]
    with pytest.raises(BlurredWriting):
        find_script(moved)


def bars(lines: list[Seen]) -> list[Seen]:
    """Lines whose strokes stand as far apart as those of letters do."""
    image = np.full((40, 480), 255, np.uint8)
    for left in range(4, 476, 24):
        image[8:32, left : left + 6] = 0
    return [(Crop(image, crop.corners), read) for crop, read in lines]
