"""How likely characters follow others in Chinese and Japanese, and how the tables of it are made."""

import tracemalloc

import numpy as np
import pytest
from scripts.ngrams import counted, packed

from folio.providers.ppocr.language.ngrams import Ngrams, blocks, ngrams
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.page.script import find_ngrams

JAPANESE, CHINESE = ngrams("japanese"), ngrams("chinese")


def line(text: str, probability: float = 0.99) -> list[Character]:
    return [Character(one, probability, 0.0, 1.0) for one in text]


@pytest.mark.parametrize(
    ("runs", "before", "likely", "unlikely"),
    [
        *((JAPANESE, "地球温", "暖", "吸"), (JAPANESE, "影", "響", "音"), (JAPANESE, "されてい", "ます", "きす")),
        *((CHINESE, "有限公", "司", "同"), (CHINESE, "温", "度", "席")),
    ],
)
def test_what_stands_in_texts_is_likelier(runs: Ngrams, before: str, likely: str, unlikely: str) -> None:
    assert runs.likelihood(before, likely[0]) > runs.likelihood(before, unlikely[0]) + 2
    assert runs.worth(before, likely[0]) > runs.worth(before, unlikely[0])


def test_digits_are_alike_and_so_are_wide_and_narrow_signs() -> None:
    assert len({JAPANESE.likelihood("平成2", digit) for digit in "0189９"}) == 1
    assert JAPANESE.likelihood("利用", "(") == JAPANESE.likelihood("利用", "（")


def test_the_middle_dot_is_written_as_the_language_of_the_page_has_it() -> None:
    assert [one.text for one in JAPANESE.written(line("着色不良·着色遅延"))] == [*"着色不良・着色遅延"]
    assert [one.text for one in CHINESE.written(line("列夫·托尔斯泰"))] == [*"列夫·托尔斯泰"]


def test_a_character_of_no_text_is_unlikely_wherever_it_stands_and_a_blank_or_digit_is_worth_nothing() -> None:
    assert JAPANESE.likelihood("", "☃") == JAPANESE.likelihood("地球", "☃") < JAPANESE.likelihood("", "鬱")
    assert JAPANESE.likelihood("☃", "球") == JAPANESE.likelihood("", "球")  # it tells nothing of the next one
    assert JAPANESE.worth("地球", " ") == JAPANESE.worth("平成", "2") == 0.0


def test_what_is_kept_of_many_pages_is_no_more_than_of_a_few() -> None:
    tracemalloc.start()
    try:
        for before in range(0x4E00, 0x4E00 + 250):
            for text in range(0x5000, 0x5000 + 100):
                CHINESE.likelihood(chr(before), chr(text))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 4_000_000


def test_lines_of_rules_and_stars_are_not_likely() -> None:
    assert JAPANESE.is_likely("農林水産省では、影響を調査しています。")
    assert CHINESE.is_likely("本公司董事会及全体董事保证")
    assert not any(runs.is_likely(text) for runs in (JAPANESE, CHINESE) for text in ("冂凵匚卩", "丨乚丿丨乚丿"))


def test_a_page_is_in_the_language_of_its_clear_characters() -> None:
    assert find_ngrams([line("温暖化の影響")]) is JAPANESE
    assert find_ngrams([line("气候变暖"), line("のがはを", 0.5)]) is CHINESE
    assert find_ngrams([]) is CHINESE


def test_a_page_with_traditional_characters_is_decided_by_what_was_seen_alone() -> None:
    traditional = find_ngrams([line("依據貴公司三月二日來函辦理")])
    assert traditional is ngrams("traditional")
    assert {traditional.worth("依", one) for one in "據据貴☃"} == {0.0}
    assert find_ngrams([line("姓名王犇部门财务部备注已到")]) is CHINESE  # a rare name
    assert find_ngrams([line("依據貴公司", 0.5)]) is CHINESE  # none is clear


def test_the_zero_of_chinese_dates_is_worth_as_much_as_other_digits() -> None:
    assert [CHINESE.worth("生于二", one) for one in "〇○2"] == [0.0, 0.0, 0.0]


def test_counted_runs_become_a_table_in_which_shorter_ones_stand_in_for_those_never_met() -> None:
    runs = Ngrams(blocks(packed(counted("地球地球地図\n" * 10 + "月\n月\n月\n"), 5, 5)), 1.0, 0.0, 0.0)
    share = {
        before + text: np.exp(runs.likelihood(before, text)) for before in ("", "地", "球地") for text in "地球図月"
    }
    assert share["地球"] == pytest.approx(2 / 3, abs=0.05)
    assert share["球地図"] == pytest.approx(1 / 2, abs=0.1)
    assert share["球地月"] < share["地月"] < share["月"]
    assert all(sum(share[before + text] for text in "地球図月") == pytest.approx(1, abs=0.1) for before in ("", "地"))
