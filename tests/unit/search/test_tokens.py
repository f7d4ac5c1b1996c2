"""What is indexed of a text, and which places of it a query finds."""

import pytest

from folio.errors import BadOption
from folio.search.tokens import MAX_CHARACTERS, MAX_WORDS, terms, tokenize


def texts(*parts: str) -> list[str]:
    return [token.text for token in tokenize(parts)]


def found(query: str, *parts: str) -> list[list[int]]:
    """The indexes of the parts of each place, of each term."""
    tokens = tokenize(parts)
    return [list(place) for term in terms(query) for place in term.matches(tokens)]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("Quarterly", "REPORT,", "(2026)"), ["quarterly", "report", "2026"]),
        (("ＩＮＶＯＩＣＥ", "Straße", "ﬁne"), ["invoice", "strasse", "fine"]),
        (("发票号码",), ["发票", "票号", "号码", "码"]),
        (("发", "票"), ["发票", "票"]),
        (("第12条。", "税"), ["第", "12", "条", "税"]),
        (("東京タワー", "です"), ["東京", "京タ", "タワ", "ワー", "ーで", "です", "す"]),
        (("ﾀﾜｰ",), ["タワ", "ワー", "ー"]),
        (("税", "A4", "込"), ["税", "a4", "込"]),
        (("— … !", "\x00\x1b[31m"), ["31m"]),
    ],
)
def test_a_text_becomes_tokens(parts: tuple[str, ...], expected: list[str]) -> None:
    assert texts(*parts) == expected


@pytest.mark.parametrize(
    ("query", "parts", "places"),
    [
        ("report", ("Report", "reports", "REPORT."), [[0], [2]]),
        ("rep*", ("Report", "repair", "prep"), [[0], [1]]),
        ('"annual report"', ("annual", "report", "annual", "the", "report"), [[0, 1]]),
        ("annual report", ("report", "annual"), [[1], [0]]),
        ("发票号码", ("发票", "号码", "发票"), [[0, 1]]),
        ("发票", ("增值税发票",), [[0]]),
        ("票", ("发", "票", "号"), [[1]]),
        ("号", ("发", "票", "号"), [[2]]),
        ("发票12", ("发票", "12", "发票", "13"), [[0, 1]]),
        ("12号", ("12", "号码"), [[0, 1]]),
        ("1,234.50", ("1,234.50", "1,234.60"), [[0]]),
        ("票发", ("发票",), []),
    ],
)  # fmt: skip
def test_a_query_finds_the_parts_it_stands_in(query: str, parts: tuple[str, ...], places: list[list[int]]) -> None:
    assert found(query, *parts) == places


@pytest.mark.parametrize("query", ["", "  ", "!? …", '""', "*", "\udcff"])
def test_nothing_to_search_for_is_refused(query: str) -> None:
    with pytest.raises(BadOption, match="nothing to search for"):
        terms(query)


@pytest.mark.parametrize("query", ["a " * (MAX_WORDS + 1), "a" * (MAX_CHARACTERS + 1)])
def test_too_much_is_refused(query: str) -> None:
    with pytest.raises(BadOption, match="At most"):
        terms(query)
