"""Text of any script as a value of an object's metadata, which are ASCII."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio.config.metadata import decoded, encoded


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_text_comes_back_as_it_was(text: str) -> None:
    assert encoded(text).isascii()
    assert decoded(encoded(text)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("minutes.pdf", "minutes.pdf"),
        ("=?UTF-8?Q?=E7=BA=AA=E8=A6=81_1.pdf?=", "纪要 1.pdf"),
        ("=?utf-8?b?57qq?= =?utf-8?b?6KaB?=", "纪要"),
        ("=?UTF-8?B?/w==?=", "=?UTF-8?B?/w==?="),
        ("=?UTF-8?B?a?=", "=?UTF-8?B?a?="),
        ("=?", "=?"),
    ],
)
def test_values_that_others_wrote_are_read(value: str, text: str) -> None:
    assert decoded(value) == text
