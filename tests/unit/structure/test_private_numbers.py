"""What is private in a text is found by its form and its check digit, and nothing else is."""

import random

import pytest

from folio.config.options import Redact
from folio.structure.private_numbers import find_private
from folio.structure.redaction import redacted_correction
from tests.support.documents.private import bank_card, email, id_number, phone

KINDS: tuple[Redact, ...] = ("id_number", "bank_card", "phone", "email")


def private(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find_private(text, KINDS)]


@pytest.mark.parametrize("maker", [id_number, bank_card, phone, email])
def test_numbers_are_found_whole_grouped_and_over_two_lines(maker: object) -> None:
    assert callable(maker)
    chance = random.Random(3)
    for _ in range(200):
        value = maker(chance)
        assert any(found[1] == value for found in private(f"号码{value}，以此为准")), value
        wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in value)
        assert any(found[1] == wide for found in private(f"号码：{wide}。")), value
        if maker in (id_number, bank_card):
            at = chance.randint(5, len(value) - 4)
            assert any(
                found[1] == f"{value[:at]}\n{value[at:]}" for found in private(f"x {value[:at]}\n{value[at:]} y")
            )
        if maker is bank_card:
            grouped = " ".join(value[at : at + 4] for at in range(0, len(value), 4))
            assert any(found[1] == grouped for found in private(f"Card {grouped} 2024"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tel: 0755-12345678 ext", ""), ("电话：0755-82345678", "phone"), ("(010) 62345678", "phone"),
        ("+44 20 7946 0958", "phone"), ("+1 (415) 555-0132", "phone"), ("(415) 555-0132", "phone"),
        ("415-555-0132", "phone"), ("400-820-8820", "phone"), ("+86 138 0013 8000", "phone"),
        ("手机13800138000", "phone"),
        ("anna.lee @ example.org", "email"), ("anna@mail.\nexample.com", "email"),
        ("身份证号：110101195502128559", "id_number"), ("身份证 110101550212855", "id_number"),
        ("卡号 6222020529053782909", "bank_card"),
        ("Invoice 24990000000000000017", ""), ("Total 12,345,678.90", ""), ("13,800,138,000.00", ""),
        ("2005–06   2006–07   2007–08   2008–09", ""),
        ("617- 720- 1333 5552- 956- 1000 617- 227- 7500", ""), ("ISBN 978-7-302-51234-5", ""),
        ("2024-05-06 12:13:14", ""),
        ("price 4111.1111 1111 1111", ""), ("5000 4000 3000 2000 1000", ""), ("user at example.org", ""),
    ],
)  # fmt: skip
def test_forms(text: str, kind: str) -> None:
    if text.startswith("Tel: 0755"):  # no number of a telephone begins with 1, but the label says what it is
        kind = "phone"
    assert {found[0] for found in private(text)} == ({kind} if kind else set())


def test_a_number_whose_check_fails_counts_only_where_its_form_says_enough() -> None:
    wrong = "110101195502128559"
    assert [found[0] for found in private(f"No. {wrong}")] == ["id_number"]  # one digit was misread
    assert private("No. 110101195513328559") == []  # there is no such day
    assert private("No. 5522333821107954") == []


def test_what_is_asked_for_alone_is_found() -> None:
    text = "13800138000 anna@example.org"
    assert [one.kind for one in find_private(text, ["email"])] == ["email"]


def test_long_texts_of_digits_take_no_time() -> None:
    assert private("1 " * 20_000) == []
    assert private("a" * 50_000 + "@") == []


def test_a_number_with_characters_that_nobody_sees_in_it_is_one() -> None:
    text = "at 138\u200b0299\u00ad6023."
    (one,) = find_private(text, ("phone",))
    assert text[one.start : one.end] == "138\u200b0299\u00ad6023"


@pytest.mark.parametrize(
    ("read", "text", "masked"),
    [
        ("Tel ███", "Tel 138", "Tel ███"),
        ("Tel ███", "Phone 138", "█████ ███"),
        ("███", "１３８", "███"),
        ("█████", "anna", "████"),
        ("██████", "11010X", "██████"),
        ("harbour", "harbor", "harbor"),
    ],
)
def test_what_is_typed_where_something_is_masked_is_masked(read: str, text: str, masked: str) -> None:
    assert redacted_correction(read, text, ("phone",)) == masked
