import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio import keys

any_key = st.text(min_size=1)


@given(any_key)
def test_whatever_we_write_beside_a_source_is_ours(key: str) -> None:
    assert keys.is_ours(keys.result_key(key))
    assert keys.is_ours(keys.error_key(key))


@given(any_key, any_key)
def test_different_sources_have_different_results(one: str, other: str) -> None:
    assert (keys.result_key(one) == keys.result_key(other)) == (one == other)
    assert keys.result_key(one) != keys.error_key(one)


@pytest.mark.parametrize(
    ("key", "ours"),
    [
        ("a.pdf", False),
        ("a.json", False),
        ("a.ocr", False),
        ("ocr.json", False),
        ("a.ocr.json.pdf", False),
        ("a.pdf.ocr.json", True),
        ("a.pdf.ocr.error.json", True),
        ("a.pdf.ocr/page-1.json", True),
    ],
)
def test_only_keys_of_our_making_are_ours(key: str, ours: bool) -> None:
    assert keys.is_ours(key) is ours


def test_a_folder_marker_ends_in_a_slash() -> None:
    assert keys.is_folder_marker("inbox/")
    assert not keys.is_folder_marker("inbox/a.pdf")


@pytest.mark.parametrize("character", ["a", "中", "😀"])
def test_a_key_fits_if_its_longest_companion_does(character: str) -> None:
    room = 1024 - len(".ocr/pages/0123456789abcdef-0123456789abcdef/0000001-0000008.failed.json")
    most = room // len(character.encode())
    assert keys.fits(character * most)
    assert not keys.fits(character * (most + 1))
