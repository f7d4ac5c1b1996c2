"""A second pass adds what was passed over, and takes nothing that was read well."""

from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.models import Line, PageImage, PageText, Word
from folio.providers.tesseract.second_pass import MIN_CLEAR_CONFIDENCE
from folio.text.geometry import join_words
from folio.transform import box
from tests.support.documents.drawings import Drawing, Spot, corners, draw, farthest, off
from tests.support.second_pass import CLOSE, SHEET, Read, first_read, ink_of, look, nobody, reads, text_of, words_of


def test_where_nothing_was_passed_over_nobody_reads_again(tmp_path: Path) -> None:
    first = first_read()
    assert look(tmp_path, first, nobody) is first


def test_a_confident_chinese_line_is_not_read_again_where_its_boxes_leave_characters_out(tmp_path: Path) -> None:
    whole = first_read()
    top = whole.lines[0]
    chinese = Line("真实、准确、完整", 0.9, top.polygon, (Word("真实、准确、完整", 0.9, top.words[0].polygon),))
    text = text_of([chinese, *whole.lines[1:]])
    assert look(tmp_path, text, nobody) == text


def test_a_blank_page_without_text_is_not_read_again(tmp_path: Path) -> None:
    assert look(tmp_path, PageText("", ()), nobody, draw()) == PageText("", ())


@pytest.mark.parametrize("spot", SHEET.words, ids=lambda spot: spot.text)
def test_a_word_passed_over_is_found_where_it_is(spot: Spot, tmp_path: Path) -> None:
    read = look(tmp_path, first_read(spot.text), reads((spot.text, 0.95)))
    new = [word for word in words_of(read) if word.text == spot.text]
    assert len(new) == 1
    assert off(new[0].polygon, corners(spot.box)) <= CLOSE
    assert len(words_of(read)) == len(SHEET.words)
    assert read.text == "\n".join(line.text for line in read.lines)


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_line_passed_over_stands_in_reading_order(line: int, tmp_path: Path) -> None:
    spots = SHEET.lines[line]
    first = first_read(*(spot.text for spot in spots))
    read = look(tmp_path, first, reads(*((spot.text, 0.95) for spot in spots)))
    assert read.text == "\n".join(spot.text for spot in SHEET.whole_lines)
    assert farthest(words_of(read), SHEET.words) <= CLOSE


def test_after_an_empty_first_text_the_whole_page_is_the_second(tmp_path: Path) -> None:
    read = look(tmp_path, PageText("", ()), reads(*((spot.text, 0.95) for spot in SHEET.words)), budget=1.5)
    assert read.text == "\n".join(spot.text for spot in SHEET.whole_lines)
    assert farthest(words_of(read), SHEET.words) <= CLOSE


@pytest.mark.parametrize(("sure", "kept"), [(0.95, "second"), (0.6, "first")])
def test_a_doubtful_page_is_read_again_whole_and_the_surer_reading_kept(sure: float, kept: str, tmp_path: Path) -> None:
    doubts = {spot.text: MIN_CLEAR_CONFIDENCE - 0.1 for spot in SHEET.words}
    asked: list[str] = []

    def read(page: PageImage, psm: str) -> PageText:
        asked.append(psm)
        image = cv2.imread(str(page.path), cv2.IMREAD_GRAYSCALE)
        assert image is not None
        assert image.shape == np.asarray(SHEET.image).shape
        assert len(np.unique(image)) > 20, "blurred"
        return renamed(first_read(sheet=SHEET, **dict.fromkeys(doubts, sure)), "Total", "second")

    after = look(tmp_path, renamed(first_read(sheet=SHEET, **doubts), "Total", "first"), read, budget=2)
    assert asked == ["4"]
    assert kept in after.text
    assert len(words_of(after)) == len(SHEET.words)


def test_a_doubtful_page_of_chinese_letters_is_not_blurred(tmp_path: Path) -> None:
    sheet = Drawing(SHEET.image, tuple(tuple(Spot("合计", spot.box) for spot in line) for line in SHEET.lines))
    first = first_read(sheet=sheet, 合计=MIN_CLEAR_CONFIDENCE - 0.1)

    def only_strips(page: PageImage, psm: str) -> PageText:
        assert psm == "6"
        return PageText("", ())

    assert look(tmp_path, first, only_strips, sheet, budget=2).text == first.text


def test_what_the_less_sure_reading_alone_has_is_taken_over(tmp_path: Path) -> None:
    first = first_read("Total", sheet=SHEET, **{spot.text: 0.8 for spot in SHEET.words})
    other = first_read("due", sheet=SHEET, **{spot.text: 0.75 for spot in SHEET.words})
    after = look(tmp_path, first, lambda _page, _psm: other, budget=1)
    assert [word.text for word in words_of(after)] == [spot.text for spot in SHEET.words]


def test_no_more_letters_are_read_again_than_may_be(tmp_path: Path) -> None:
    seen: dict[float, int] = {}

    def reader(budget: float) -> Read:
        def read(page: PageImage, psm: str) -> PageText:
            seen[budget] = len({round(one[1] / 40) for one in ink_of(page)})
            return PageText("", ())

        return read

    for budget in (0.0, 0.5, 0.8, 1.5):
        seen[budget] = 0
        look(tmp_path, PageText("", ()), reader(budget), budget=budget)
    assert list(seen.values()) == sorted(seen.values())
    assert seen[0.0] == 0
    assert seen[0.5] < seen[1.5] == len(SHEET.lines)


@pytest.mark.parametrize(("before", "after", "sure"), [("Tota", "Total", 0.9), ("Total", "Total", 0.7), ("", "Total", 0.7)])  # fmt: skip # noqa: E501
def test_a_reading_that_is_surer_and_more_replaces(before: str, after: str, sure: float, tmp_path: Path) -> None:
    first = renamed(first_read(Total=0.5), "Total", before) if before else first_read("Total")
    read = look(tmp_path, first, reads((after, sure)))
    assert [word.text for word in words_of(read)] == [spot.text for spot in SHEET.words]
    assert words_of(read)[3].confidence == sure
    assert farthest(words_of(read), SHEET.words) <= CLOSE


@pytest.mark.parametrize(("text", "sure"), [("To", 0.95), ("Total", 0.52), ("Total", 0.5), ("~~~~~", 0.95), ("Totality", 0.59)])  # fmt: skip # noqa: E501
def test_a_reading_less_sure_or_less_replaces_nothing(text: str, sure: float, tmp_path: Path) -> None:
    first = first_read(Total=0.58)
    assert look(tmp_path, first, reads((text, sure))) is first


def renamed(text: PageText, before: str, after: str) -> PageText:
    def of(line: Line) -> Line:
        replace = msgspec.structs.replace
        return join_words(tuple(replace(word, text=after) if word.text == before else word for word in line.words))

    return text_of([of(line) for line in text.lines])


@pytest.mark.parametrize("seed", range(40))
def test_words_read_with_confidence_are_never_lost(seed: int, tmp_path: Path) -> None:
    random = np.random.default_rng(seed)
    chosen = {spot.text: 0.55 for spot in SHEET.words if random.random() < 0.4}
    absent = [spot.text for spot in SHEET.words if random.random() < 0.2]

    def read(page: PageImage, psm: str) -> PageText:
        places = [one for one in ink_of(page) if random.random() < 0.8]
        words = [Word("x" * int(random.integers(1, 12)), float(random.uniform(0.3, 1)), box(*one)) for one in places]
        return text_of([join_words((word,)) for word in words])

    first = first_read(*absent, sheet=SHEET, **chosen)
    after = words_of(look(tmp_path, first, read))
    for word in words_of(first):
        assert word in after or word.confidence == 0.55


def test_a_narrow_word_beside_a_strip_is_not_lost(tmp_path: Path) -> None:
    sheet = draw("amount i owe", gap=0.1)

    def read(page: PageImage, psm: str) -> PageText:
        left, top, right, bottom = (round(edge) for edge in around_all(ink_of(page)))
        return text_of([join_words((Word("amount", 0.99, box(left, top, right, bottom)),))])

    found = look(tmp_path, first_read(sheet=sheet, amount=0.3), read, sheet)
    assert [word.text for word in words_of(found)] == ["amount", "i", "owe"]


def around_all(boxes: list[tuple[int, int, int, int]]) -> tuple[int, int, int, int]:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def test_a_new_line_stands_in_order_though_two_others_have_become_one(tmp_path: Path) -> None:
    whole = first_read("Invoice", "number", "4217", Paid=0.3, on=0.3, Monday=0.3)
    total, last = whole.lines
    split = text_of([total, *(join_words((word,)) for word in last.words)])
    texts = [(spot.text, 0.95) for spot in SHEET.words if spot in (*SHEET.lines[0], *SHEET.lines[2])]
    read = look(tmp_path, split, reads(*texts))
    tops = [line.polygon[0][1] for line in read.lines]
    assert len(tops) == 3, "all was read, and the pieces are one line"
    assert tops == sorted(tops)


def test_ruling_lines_are_not_on_the_list(tmp_path: Path) -> None:
    ruled = draw("Invoice number 4217", "Total amount due")
    ruled.image.paste(0, (20, 92, 980, 94))  # under the first line of text
    seen: list[Grey] = []

    def read(page: PageImage, psm: str) -> PageText:
        image = cv2.imread(str(page.path), cv2.IMREAD_GRAYSCALE)
        assert image is not None
        seen.append(image.astype(np.uint8))
        return PageText("", ())

    first = first_read("number", sheet=ruled)
    assert look(tmp_path, first, read, ruled) is first
    assert len(seen) == 1
    assert ((seen[0] < 125).mean(axis=1) < 0.7).all(), "no row is all ink"
