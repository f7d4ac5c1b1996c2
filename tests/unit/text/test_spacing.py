import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio.models import Word
from folio.text.spacing import is_wide, join, with_wide_signs
from folio.transform import box

HEIGHT = 10.0


def row(*texts: str, gap: float = 2.0) -> list[Word]:
    """Words side by side, each as wide as high."""
    words = []
    for number, text in enumerate(texts):
        left = number * (HEIGHT + gap)
        right = left + HEIGHT
        words.append(Word(text, 0.9, ((left, 0), (right, 0), (right, HEIGHT), (left, HEIGHT))))
    return words


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (["Hello", "world"], "Hello world"),
        (["发", "票", "号码"], "发票号码"),
        (["发票", "No.", "7"], "发票No. 7"),
        (["共", "7", "页"], "共7页"),
        (["你好", "，", "世界"], "你好，世界"),
        (["电话", "7", "，", "或"], "电话7，或"),
        (["ｆｕｌｌ", "ｗｉｄｔｈ"], "ｆｕｌｌｗｉｄｔｈ"),
        (["alone"], "alone"),
        ([], ""),
    ],
)
def test_words_are_joined_as_a_reader_expects(texts: list[str], joined: str) -> None:
    assert join(row(*texts)) == joined


def test_a_gap_that_can_be_seen_between_chinese_and_latin_is_a_space() -> None:
    assert join(row("共", "7", "页", gap=0.3 * HEIGHT)) == "共7页"
    assert join(row("共", "7", "页", gap=0.5 * HEIGHT)) == "共 7 页"


def test_full_width_signs_bring_their_own_room() -> None:
    assert join(row("电话", "7", "，", "或", gap=0.6 * HEIGHT)) == "电话 7，或"
    assert join(row("（", "Room", "）", "的", gap=0.6 * HEIGHT)) == "（Room）的"


def test_a_gap_is_measured_by_the_taller_word() -> None:
    character, comma = row("金", ",", gap=0.35 * HEIGHT)
    left, right = comma.polygon[0][0], comma.polygon[1][0]
    low = Word(",", 0.9, ((left, HEIGHT - 2), (right, HEIGHT - 2), (right, HEIGHT), (left, HEIGHT)))
    assert join([character, low]) == "金,"


def test_a_wide_gap_between_chinese_words_is_a_space() -> None:
    assert join(row("金", "额", gap=1.4 * HEIGHT)) == "金额"
    assert join(row("金", "额", gap=1.6 * HEIGHT)) == "金 额"


@given(st.lists(st.text(alphabet="ab发票，7", min_size=1, max_size=3), max_size=6))
def test_joining_neither_loses_nor_adds_a_character(texts: list[str]) -> None:
    assert join(row(*texts)).replace(" ", "") == "".join(texts)


@pytest.mark.parametrize(("character", "wide"), [("中", True), ("，", True), ("Ａ", True), ("a", False), ("é", False)])
def test_wide_characters_are_known(character: str, wide: bool) -> None:
    assert is_wide(character) is wide


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("真实 , 准确 ; 完整 .", "真实 ， 准确 ； 完整 。"),
        ("公司 ( 以下 简称 ) :", "公司 （ 以下 简称 ） ："),
        ("公司,以下", "公司，以下"),
        ("为什么? 好!", "为什么？ 好！"),
        ("增长 3.5 % , 其中", "增长 3.5 % ， 其中"),
        ("电话 5550142 ,或", "电话 5550142 ，或"),
        ("( 名称 : Reading Room) 的", "（ 名称 ： Reading Room） 的"),
        ("（ Reading (A) Room ) 的", "（ Reading (A) Room ） 的"),
        ("1.标题 2)标题", "1.标题 2)标题"),
        ("第 1,234 页", "第 1,234 页"),
        ("版本:v2", "版本:v2"),
        ("Total , amount (net) .", "Total , amount (net) ."),
        (". , :", ". , :"),
        ("", ""),
    ],
)
def test_signs_are_wide_where_they_belong_to_chinese(given: str, wanted: str) -> None:
    box = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))
    words = [Word(text, 0.9, box) for text in given.split()]
    widened = with_wide_signs(words)
    assert " ".join(word.text for word in widened) == wanted
    assert [word.polygon for word in widened] == [word.polygon for word in words]


def test_parts_of_a_word_have_no_space_between_them() -> None:
    words = [
        Word("H", None, box(0, 0, 9, 10)),
        Word("2", None, box(9.2, 5, 13, 12)),
        Word("O", None, box(13, 0, 22, 10)),
        Word("1,234", None, box(25, 0, 50, 10)),
        Word("1", None, box(50, 0, 53, 6)),  # a footnote's
    ]
    assert join(words, parts_touch=True) == "H2O 1,234 1"
    assert join(words) == "H 2 O 1,234 1"


def test_gaps_are_measured_along_the_line() -> None:
    upwards = [
        Word("含税", None, ((10, 200), (10, 180), (20, 180), (20, 200))),
        Word("13%", None, ((10, 177), (10, 160), (20, 160), (20, 177))),
    ]
    assert join(upwards, min_word_gap=0.15) == "含税 13%"
    assert join(upwards, min_word_gap=0.4) == "含税13%"
