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
    return {edge: one[:2] for edge, one in zip(reliability.EDGES, bins, strict=True) if one[0]}


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
    read = [(one, 0.8, AT) for one in "图馆目录"]
    assert counted(truth("图书目录", languages="chi_sim"), *read) == {0.75: (4, 3)}


def test_a_character_that_stands_elsewhere_in_the_truth_is_not_right_by_that() -> None:
    library = truth("市立图书馆的目录,日文", languages="jpn")
    assert counted(library, *((one, 0.8, AT) for one in "市立图书日的目录")) == {0.75: (8, 7)}
    assert counted(library, *((one, 0.8, AT) for one in "目录市立图书馆的")) == {0.75: (8, 8)}
    # Figures of a table may come in another order.
    assert counted(truth("七 5 八 6", languages="chi_sim"), ("5", 0.8, AT), ("6", 0.8, AT)) == {0.75: (2, 2)}


def test_the_table_has_a_column_for_each_reader() -> None:
    one = reliability.count(truth("be"), [ReadWord("be", 1.0, AT), ReadWord("not", 0.92, AT)])
    lines = reliability.table([("ppocr", [one, one]), ("bare", [one])]).splitlines()
    assert lines[0] == "| confidence | ppocr | bare |"
    assert "| 0.98 to 1 | 100.0% of 2 | 100.0% of 1 |" in lines
    assert lines[-2] == "| 0.9 and more | 50.0% of 4 | 50.0% of 2 |"
    assert lines[-1] == "| 0.9 and more, in the truth | 100.0% of 2 | 100.0% of 1 |"


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


def without_counterpart(truth: Truth, *words: tuple[str, Box]) -> int:
    return sum(
        unknown for _, _, unknown in reliability.count(truth, [ReadWord(text, 0.99, box) for text, box in words])
    )


def test_what_stands_where_the_truth_has_nothing_is_counted_apart() -> None:
    rye = truth("rye flour", ("rye", AT), ("flour", BESIDE))
    assert without_counterpart(rye, ("rye", AT), ("flow", BESIDE)) == 0
    assert without_counterpart(rye, ("rye", AT), ("flour", BESIDE), ("chart", BELOW)) == 1


def test_without_boxes_a_misread_word_is_like_one_that_was_not_read() -> None:
    rye = truth("rye flour and remainder")
    assert without_counterpart(rye, ("rye", AT), ("flaur", AT), ("remain-", AT)) == 0
    assert without_counterpart(rye, ("rye", AT), ("flour", AT), ("and", AT), ("remainder", AT), ("flaur", AT)) == 1
    assert without_counterpart(rye, ("rye", AT), ("q3", AT)) == 1


def test_a_misread_character_stands_where_one_was_not_read() -> None:
    library = truth("市立图书馆的目录", languages="chi_sim")
    beside = [(text, AT) for text in "市立图书"]
    assert without_counterpart(library, *beside, ("宫", AT), *((text, AT) for text in "的目录")) == 0
    assert without_counterpart(library, *((text, AT) for text in "市立图书馆的目录"), ("宫", AT)) == 1
    assert without_counterpart(library, *((text, AT) for text in "市立图书亿元"), ("元", AT)) == 2
