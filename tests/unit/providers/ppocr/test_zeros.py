"""A zero among letters that is an O, and a circle among Chinese numerals that is a zero."""

import pytest

from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.zeros import with_letters, with_ruled_zeros, with_zeros


def text(written: str, zero: float = 0.9) -> str:
    """What is made of characters whose zeros have a probability."""
    characters = [Character(one, zero if one == "0" else 0.999, 0.0, 1.0) for one in written]
    return "".join(one.text for one in with_letters(characters))


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("0LIVIA M00RE", "OLIVIA MOORE"),
        ("BEST BEF0RE 10.08", "BEST BEFORE 10.08"),
        ("0rchard h0use", "Orchard house"),
        ("C0STA-BRAV0", "COSTA-BRAVO"),
    ],
)
def test_a_doubtful_zero_in_a_word_of_letters_is_an_o(written: str, right: str) -> None:
    assert text(written) == right
    assert text(written, zero=0.999) == written


@pytest.mark.parametrize("written", ["0mg", "0kcal", "0xDEAD", "K0B", "AB0CD7", "L00", "100 km", "人0民共和"])
def test_numbers_amounts_and_codes_keep_their_zeros(written: str) -> None:
    assert text(written) == written


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("二○二六年五月", "二〇二六年五月"),
        ("一九九O年", "一九九〇年"),
        ("二〇○○年", "二〇〇〇年"),
        ("二○○o年", "二〇〇〇年"),
    ],
)
def test_a_circle_in_a_chinese_number_is_its_zero(written: str, right: str) -> None:
    characters = [Character(one, 0.9, 0.0, 1.0) for one in written]
    assert "".join(one.text for one in with_zeros(characters)) == right


@pytest.mark.parametrize("written", ["○合格", "甲○乙", "第二○", "二○ 三", "O型血", "○○年", "2○6"])
def test_a_circle_elsewhere_is_a_mark(written: str) -> None:
    characters = [Character(one, 0.9, 0.0, 1.0) for one in written]
    assert "".join(one.text for one in with_zeros(characters)) == written


@pytest.mark.parametrize(
    ("written", "right"),
    [("750.1Φ", "750.10"), ("279.Ø0", "279.00"), ("4Φ12", "4Φ12"), ("0.5Φ20", "0.5Φ20"), ("3Φ", "3Φ")],
)
def test_a_zero_with_a_rule_through_it_is_one_behind_a_point(written: str, right: str) -> None:
    characters = [Character(one, 0.9, 0.0, 1.0) for one in written]
    assert "".join(one.text for one in with_ruled_zeros(characters)) == right
