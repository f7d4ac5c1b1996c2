"""Check digits, days that exist, and amounts in figures and in words."""

import random

import pytest

from folio.structure.fields import checks
from tests.benchmarks.invoices import in_words
from tests.benchmarks.papers import made_up


def with_other_digit(value: str, at: int) -> str:
    return value[:at] + str((int(value[at]) + 1) % 10) + value[at + 1 :]


@pytest.mark.parametrize("seed", range(20))
def test_any_wrong_digit_of_an_identity_number_is_noticed(seed: int) -> None:
    made = random.Random(seed)
    number = made_up.id_number(made, made_up.day(made, 1950, 2006), male=True)
    assert checks.is_id_number(number)
    assert not any(checks.is_id_number(with_other_digit(number, at)) for at in range(17))


@pytest.mark.parametrize("length", [16, 17, 18, 19])
def test_any_wrong_digit_of_a_bank_card_is_noticed(length: int) -> None:
    number = made_up.card_number(random.Random(length), length)
    assert checks.is_card_number(number)
    assert not any(checks.is_card_number(with_other_digit(number, at)) for at in range(length))


def test_a_known_credit_code_passes_and_one_with_other_signs_does_not() -> None:
    assert checks.is_credit_code("91350100M000100Y43")  # the example of GB 32100-2015
    assert not checks.is_credit_code("91350100M000100Y44")
    assert not checks.is_credit_code("9135O100M000100Y43")  # the letter O is none of its signs


@pytest.mark.parametrize("seed", range(20))
def test_any_wrong_sign_of_a_credit_code_is_noticed(seed: int) -> None:
    code = made_up.credit_code(random.Random(seed))
    assert checks.is_credit_code(code)
    assert not any(checks.is_credit_code(with_other_digit(code, at)) for at in range(18) if code[at].isdigit())


@pytest.mark.parametrize(
    ("written", "holds"),
    [("2024-02-29", True), ("2023-02-29", False), ("2023-13-01", False), ("0203-01-01", False), ("soon", False)],
)
def test_days_exist(written: str, holds: bool) -> None:
    assert checks.is_day(written) == holds


@pytest.mark.parametrize(
    ("written", "hundredths"),
    [
        ("1,234.50", 123450),
        ("¥12.3", 1230),
        ("RM 0.05", 5),
        ("-3.00", -300),
        ("12,34.00", None),
        ("1.234", None),
        ("", None),
        ("9" * 5000, None),
        ("9," + "999," * 2000 + "999.00", None),
    ],
)
def test_amounts_in_figures(written: str, hundredths: int | None) -> None:
    assert checks.cents(written) == hundredths


WORDS = {
    5: "零圆零伍分", 1050: "壹拾圆伍角", 10005: "壹佰圆零伍分", 1_000_500: "壹万零伍圆", 100_050_000: "壹佰万零伍佰圆",
    1_000_000_000_00: "壹拾亿圆", -120: "负壹圆贰角", 30_405_06: "叁万零肆佰零伍圆零陆分",
}  # fmt: skip


@pytest.mark.parametrize(("cents", "words"), WORDS.items())
def test_amounts_in_words_are_what_they_say(cents: int, words: str) -> None:
    assert checks.in_words(cents) == words
    assert checks.cents_in_words(words) == checks.cents_in_words(words + "整") == cents


@pytest.mark.parametrize("seed", range(200))
def test_words_that_lack_one_are_not_the_same_amount(seed: int) -> None:
    cents = random.Random(seed).randint(100, 99_999_999)
    words = in_words(cents)
    assert checks.cents_in_words(words) == cents
    assert checks.in_words(cents) == words.rstrip("整")
    for at, sign in enumerate(words):
        if sign not in "零整":
            assert checks.cents_in_words(words[:at] + words[at + 1 :]) != cents


def test_what_is_no_amount_in_words_is_none() -> None:
    assert checks.cents_in_words("叁佰") is None
    assert checks.cents_in_words("叁叁佰圆整") is None
    assert checks.cents_in_words("柒万仟圆整") is None
