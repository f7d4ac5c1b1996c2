import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio import keys

any_key = st.text(min_size=1)

LONGEST = ".ocr/pages/0123456789abcdef-0123456789abcdef/0000001-0000008.failed.json"


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
    assert keys.may_be_folder("inbox/")
    assert not keys.may_be_folder("inbox/a.pdf")


@pytest.mark.parametrize("character", ["a", "中", "😀"])
def test_a_key_fits_if_its_longest_companion_does(character: str) -> None:
    room = 1024 - len(LONGEST)
    most = room // len(character.encode())
    assert keys.fits(character * most)
    assert not keys.fits(character * (most + 1))


@given(st.text(min_size=1), st.text(min_size=1))
def test_each_attached_document_has_a_place_whose_name_is_none_of_its_own(one: str, other: str) -> None:
    scopes = {keys.scope_of("", one), keys.scope_of("", other), keys.scope_of("2", one), keys.scope_of("2"), ""}
    assert len(scopes) == (5 if one != other else 4)
    assert re.fullmatch(r"of-attached-[0-9a-f]{16}", keys.scope_of("", one))


PAGES = st.from_regex(r"[1-9][0-9]?(-[1-9][0-9]?)?(,[1-9][0-9]?(-[1-9][0-9]?)?){0,20}", fullmatch=True)


@given(any_key, st.one_of(st.just(""), PAGES), st.text(max_size=300))
def test_what_is_written_of_a_part_is_ours_and_says_whose_it_is(key: str, pages: str, attachment: str) -> None:
    scope = keys.scope_of(pages, attachment)
    if not scope:
        return
    result = keys.result_key(key, scope)
    assert keys.is_ours(result)
    assert keys.source_of_part(result) == key
    assert keys.result_key(key, keys.part_of(key, result) or "") == result
    assert keys.part_of(key + "x", result) is None
    for kind in keys.OUTPUTS:
        output = keys.output_key(key, kind, scope)
        assert keys.is_ours(output)
        assert keys.part_of(key, output) is None
        assert output != keys.output_key(key, kind)


@pytest.mark.parametrize(
    "key",
    [
        "box.ocr/scan.pdf",
        "archive.ocr/x.pdf",
        "archive.ocr/deeper/searchable.pdf",
        "archive.ocr/my-searchable.pdf",
        "archive.ocr/pages/scan.tif",
        "archive.ocr/pages-2.pdf",
    ],
)
def test_documents_in_a_folder_that_is_named_like_ours_are_documents(key: str) -> None:
    assert not keys.is_ours(key)
    assert not keys.is_checkpoint(keys.result_key(key))
    assert not keys.is_checkpoint(key)


def test_a_range_that_is_long_to_write_has_a_short_name() -> None:
    pages = ",".join(map(str, range(1, 999, 2)))
    assert keys.fits("a" * 900)
    for attachment in ("", "minutes.pdf"):
        scope = keys.scope_of(pages, attachment)
        assert len(keys.output_key("", "pdf", scope)) <= len(LONGEST)
        assert scope != keys.scope_of(pages + ",1001", attachment)


def test_a_name_that_is_no_unicode_is_told_in_unicode() -> None:
    name = b"scan-\xff.pdf".decode("utf-8", "surrogateescape")
    assert keys.fits(name)
    assert keys.printable(name) == "scan-\ufffd.pdf"
