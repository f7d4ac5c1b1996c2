import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio import keys as naming

keys = st.text(min_size=1)


@given(keys)
def test_whatever_we_write_beside_a_source_is_ours(key: str) -> None:
    assert naming.is_ours(naming.result_key(key))
    assert naming.is_ours(naming.error_key(key))


@given(keys, keys)
def test_different_sources_have_different_results(one: str, other: str) -> None:
    assert (naming.result_key(one) == naming.result_key(other)) == (one == other)
    assert naming.result_key(one) != naming.error_key(one)


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
    assert naming.is_ours(key) is ours


def test_a_folder_marker_ends_in_a_slash() -> None:
    assert naming.is_folder_marker("inbox/")
    assert not naming.is_folder_marker("inbox/a.pdf")


@pytest.mark.parametrize("character", ["a", "中", "😀"])
def test_a_key_fits_if_its_longest_companion_does(character: str) -> None:
    room = 1024 - len(".ocr/pages/0123456789abcdef-0123456789abcdef/0000001-0000008.failed.json")
    most = room // len(character.encode())
    assert naming.fits(character * most)
    assert not naming.fits(character * (most + 1))
