"""Words of a text layer in plain characters."""

import pytest

from folio.textlayer.normalize import are_hyphens, normalize_word, without_soft_hyphens


def test_words_come_as_ocr_would_give_them() -> None:
    assert normalize_word("ﬁnal oﬃce ﬂow".replace(" ", "")) == "finalofficeflow"
    assert normalize_word("⼀⽅") == "一方"
    assert normalize_word("\u200bword\ufeff\u202b") == "word"
    assert normalize_word("x² ½ № Ａ") == "x²½№Ａ"
    assert normalize_word("می\u200cشود") == "می\u200cشود"


def test_spaces_that_a_map_puts_into_words_go() -> None:
    assert normalize_word("h a r b o u r ") == "harbour"
    assert normalize_word("北 の 港 ") == "北の港"


def test_accents_are_composed() -> None:
    assert normalize_word("cafe\u0301") == "café"
    assert normalize_word("Zu\u0308rich") == "Zürich"


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        (["soft\u00adware", "hyphen\u00ad"], ["software", "hyphen-"]),
        (["long\u00adterm", "2019\u00ad2020"], ["long-term", "2019-2020"]),  # the font's hyphen has that name
        (["\u00ad5", "word"], ["-5", "word"]),
        (["A\u00adB"], ["A-B"]),
    ],
)
def test_soft_hyphens_go_unless_they_are_hyphens(words: list[str], plain: list[str]) -> None:
    hyphens = are_hyphens(words)
    assert [without_soft_hyphens(word, are_hyphens=hyphens) for word in words] == plain
