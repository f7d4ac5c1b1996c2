"""Scores with values one can count by hand."""

from hypothesis import given
from hypothesis import strategies as st

from folio.bench import scores

TEXT = st.text("ab 图", max_size=90)


def plainly(one: str, other: str) -> int:
    """Levenshtein distance as the definition has it."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


@given(TEXT, TEXT)
def test_distance_is_levenshteins(one: str, other: str) -> None:
    assert scores.distance(one, other) == plainly(one, other)


def test_distance_counts_known_edits() -> None:
    assert scores.distance("kitten", "sitting") == 3
    assert scores.distance("", "abc") == scores.distance("abc", "") == 3
    assert scores.distance(["the", "ferry"], ["the", "fairy", "leaves"]) == 2


def test_words_are_runs_of_letters_and_digits_folded() -> None:
    assert scores.words("The Ｆｅｒｒｙ — leaves at 9:30!") == ["the", "ferry", "leaves", "at", "9", "30"]


def test_words_divided_at_the_end_of_a_line_are_whole() -> None:
    assert scores.words("lan-\ntern, mea\u00ad\n  dow, two-way, 1990-\n1995") == [
        *("lantern", "meadow", "two", "way"),
        *("1990", "1995"),
    ]


def test_chinese_is_counted_by_character_without_white_space() -> None:
    assert scores.units("图书 馆\n，开放", by_character=True) == ["图", "书", "馆", ",", "开", "放"]


def test_recall_and_precision_share_multisets() -> None:
    assert scores.recall_and_precision(["a", "a", "b", "c"], ["a", "b", "b"]) == (0.5, 2 / 3)
    assert scores.recall_and_precision([], []) == (1.0, 1.0)
    assert scores.recall_and_precision([], ["a"]) == (1.0, 0.0)
    assert scores.recall_and_precision(["a"], []) == (0.0, 0.0)


def test_error_rates_are_edits_over_the_truth() -> None:
    assert scores.character_errors("The  ferry\nleaves", "the ferry leave", by_character=False) == 1 / 16
    assert scores.character_errors("开 放", "开馆", by_character=True) == 0.5
    assert scores.word_errors("The ferry leaves at nine", "the fairy leaves") == 3 / 5
    assert scores.character_errors("ab", "", by_character=False) == 1.0


def test_a_box_counts_if_the_same_word_covers_a_third_of_it() -> None:
    truth = [("Rye", (0.0, 0.0, 10.0, 10.0)), ("flour,", (20.0, 0.0, 40.0, 10.0)), ("—", (50.0, 0.0, 60.0, 10.0))]
    near, far = (0.0, 6.0, 10.0, 16.0), (0.0, 8.0, 10.0, 18.0)
    assert scores.box_recall(truth, [("rye.", near), ("FLOUR", (18.0, 0.0, 41.0, 9.0))]) == 1.0
    assert scores.box_recall(truth, [("rye", far), ("flour", (20.0, 0.0, 40.0, 10.0))]) == 0.5
    assert scores.box_recall(truth, [("barley", near)]) == 0.0
