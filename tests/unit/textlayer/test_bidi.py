"""Hebrew and Arabic in logical order, from what stands on the page from left to right."""

import pytest

from folio.documents.pdf.text_page import TextBox
from folio.textlayer.bidi import is_ltr, is_rtl, is_visual, to_logical


def logical(visual: str, *, right_to_left: bool = True, is_visual: bool = True) -> str:
    words = [TextBox(text, (10.0 * at, 0.0, 10.0 * at + 9, 9.0)) for at, text in enumerate(visual.split())]
    turned = to_logical(words, right_to_left=right_to_left, visual=is_visual)
    return " ".join(word.text for word in turned)


@pytest.mark.parametrize(
    ("visual", "right"),
    [
        ("רפסמ תינובשח", "חשבונית מספר"),
        ("1,234.50 םולשתל לכה ךס", "סך הכל לתשלום 1,234.50"),
        ("ABC def 56 רפסמ", "מספר ABC def 56"),
        ("56 12 רפסמ", "מספר 12 56"),
        (")קתוע( רפסמ", "מספר (עותק)"),
        ("(קתוע) רפסמ", "מספר (עותק)"),  # named by their shapes
        ("םלוע-12% המ", "מה 12%-עולם"),
        ("ابحرم", "مرحبا"),
        ("\ufef1\ufe91\ufeae\ufecb", "عربي"),  # the letters' forms
        ("ءاطخلأا", "الأخطاء"),  # a ligature of lam and alef, two letters in order
        ("لا", "لا"),
        ("1234567-11-966+ مقر", "رقم +966-11-1234567"),
        ("03-1234567 ןופלט", "טלפון 03-1234567"),
    ],
)
def test_lines_are_turned_round(visual: str, right: str) -> None:
    assert logical(visual) == right


def test_words_inside_an_english_line_are_turned_round() -> None:
    assert logical("see םולש בוט here", right_to_left=False) == "see טוב שלום here"


def test_marks_stay_behind_their_letters() -> None:
    assert logical("\u064bاركش") == "شكرا\u064b"


def test_words_in_logical_order_keep_their_letters() -> None:
    words = ["חשבונית", "מספר", "סך", "הכל", "לתשלום"]
    assert not is_visual(words)
    assert is_visual([word[::-1] for word in words])
    assert logical("מספר חשבונית", is_visual=False) == "חשבונית מספר"


def test_latin_lines_of_a_hebrew_page_run_to_the_right() -> None:
    assert is_ltr(["The", "word", "םלוע", "means", "world"])
    assert not is_ltr(["YYYY-MM-DD", "HH:MM", "ךיראת"])
    assert not is_ltr(["a", "םלוע", "םולש", "b"])


def test_most_letters_decide() -> None:
    assert is_rtl(["שלום", "12", "ab"])
    assert not is_rtl(["hello", "world", "של"])
    assert not is_rtl(["12"])
