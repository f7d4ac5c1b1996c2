"""Of the words with a confidence, how many are right."""

from pathlib import Path

from folio.bench import reliability
from folio.bench.baselines import ReadWord
from folio.bench.truth import Truth, TruthWord
from folio.transform import Box

AT, BESIDE, BELOW = (0.0, 0.0, 40.0, 10.0), (50.0, 0.0, 90.0, 10.0), (0.0, 50.0, 40.0, 60.0)


def truth(text: str, *boxed: tuple[str, Box], languages: str = "eng") -> Truth:
    words = tuple(TruthWord(box, word) for word, box in boxed)
    return Truth(set="s", id="i", path=Path("x"), languages=languages, text=text, ordered=False, words=words)


def counted(truth: Truth, *words: tuple[str, float | None, Box]) -> dict[float, tuple[int, int]]:
    bins = reliability.count(truth, [ReadWord(*word) for word in words])
    return {edge: one for edge, one in zip(reliability.EDGES, bins, strict=True) if one[0]}


def test_words_are_right_where_the_truth_has_them() -> None:
    rye = truth("rye flour", ("Rye", AT), ("flour", BESIDE))
    assert counted(rye, ("rye,", 0.99, AT), ("rye", 0.97, BELOW), ("flow", 0.5, BESIDE), ("-", 0.99, AT)) == {
        0.98: (1, 1),
        0.95: (1, 0),
        0.4: (1, 0),
    }


def test_a_word_may_be_several_of_the_truth() -> None:
    assert counted(truth("614 466", ("614-", (0, 0, 20, 10)), ("466", (20, 0, 40, 10))), ("614-466", 0.9, AT)) == {
        0.9: (1, 1)
    }


def test_without_boxes_words_are_right_as_often_as_the_truth_has_them() -> None:
    assert counted(truth("to be"), *[("be", 0.8, AT)] * 2, ("to", None, AT)) == {0.75: (2, 1)}
    assert counted(truth("图书", languages="chi_sim"), ("图", 0.8, AT), ("馆", 0.8, AT)) == {0.75: (2, 1)}


def test_the_table_has_a_column_for_each_reader() -> None:
    one = reliability.count(truth("be"), [ReadWord("be", 1.0, AT), ReadWord("not", 0.92, AT)])
    lines = reliability.table([("ppocr", [one, one]), ("bare", [one])]).splitlines()
    assert lines[0] == "| confidence | ppocr | bare |"
    assert "| 0.98 to 1 | 100.0% of 2 | 100.0% of 1 |" in lines
    assert lines[-1] == "| 0.9 and more | 50.0% of 4 | 50.0% of 2 |"


def test_a_word_may_be_a_part_of_one_of_the_truth() -> None:
    june = truth("june7", ("JUNE7", (0, 0, 50, 10)))
    assert counted(june, ("JUNE", 0.99, (0, 0, 38, 10)), ("7", 0.99, (42, 0, 50, 10))) == {0.98: (2, 2)}
    assert counted(june, ("JUNE", 0.99, (0, 0, 38, 10)), ("1", 0.99, (42, 0, 50, 10))) == {0.98: (2, 0)}


def test_a_narrow_word_is_found_in_a_wide_box() -> None:
    assert counted(truth("1", ("1", AT)), ("1", 0.99, (18, 1, 22, 9))) == {0.98: (1, 1)}


def test_a_word_divided_at_the_end_of_a_line_is_right_if_the_whole_is() -> None:
    flour = truth("rye flour")
    assert counted(flour, ("flo-", 0.99, BESIDE), ("ur", 0.99, BELOW)) == {0.98: (2, 2)}
    assert counted(flour, ("flo-", 0.99, AT), ("ur", 0.99, BESIDE)) == {0.98: (2, 0)}
    # In which order the two were read, and what between them, is not asked here.
    assert counted(flour, ("ur", 0.99, BELOW), ("rye", 0.99, AT), ("flo-", 0.99, BESIDE)) == {0.98: (3, 3)}
    assert counted(flour, ("flo-", 0.99, BESIDE), ("ur", 0.99, BELOW), ("flo-", 0.99, BESIDE)) == {0.98: (3, 2)}
