"""Plain text: every encoding of those that come, and nothing that is not text."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folio.documents.formats.set_page import cells_of, wrapped
from folio.errors import TooLarge, UnsupportedType
from tests.support.documents.opened import opened

CHINESE = "这是一份采购合同，甲方应在收到货物后三十日内付款。"
JAPANESE = "これは日本語の文章です。納品書を確認してください。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"), (CHINESE, "utf-8-sig"), (CHINESE, "utf-16"), (CHINESE, "utf-16-le"), (CHINESE, "gb18030"),
        ("這是一份採購合同，甲方應在收到貨物後三十日內付款。", "big5"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"),
        ("이것은 한국어 문장입니다. 계약서를 확인하십시오.", "cp949"), ("Größe und Länge der Ware", "cp1252"),
        ("Это русский текст договора поставки", "cp1251"), ("plain English text", "ascii"),
    ],
)  # fmt: skip
def test_text_is_read_in_its_encoding(text: str, encoding: str, tmp_path: Path) -> None:
    data = text.encode(encoding)
    if encoding == "utf-16-le":
        data = b"\xff\xfe" + data
    assert opened(data, tmp_path).text == text


@pytest.mark.parametrize("content", [bytes(range(256)) * 8, b"\x00" * 100, b"\x7fELF\x02\x01\x01" + bytes(60)])
def test_what_is_not_text_is_of_no_type(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedType):
        opened(content, tmp_path)


def test_paragraphs_lines_and_pages_stay(tmp_path: Path) -> None:
    read = opened(b"one\ntwo\r\n\r\nthree\n\n\n\ffour", tmp_path)
    assert [page.text for page in read.pages] == ["one\ntwo\n\nthree", "four"]
    assert [block.text for block in read.pages[0].blocks] == ["one\ntwo", "three"]
    assert [line.text for line in read.pages[0].lines] == ["one", "two", "three"]


def test_a_paragraph_of_many_lines_is_one_text_and_its_lines_stand_below_each_other(tmp_path: Path) -> None:
    page = opened((CHINESE * 12).encode(), tmp_path).pages[0]
    assert page.text == CHINESE * 12
    assert "".join(line.text for line in page.lines) == page.text
    tops = [line.bounds[1] for line in page.lines]
    assert tops == sorted(tops)
    assert all(0 <= side <= page.width for line in page.lines for side in (line.bounds[0], line.bounds[2]))


def test_a_text_of_more_pages_than_are_allowed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        opened(b"line\n\n" * 2000, tmp_path, max_pages=10)


@settings(max_examples=150, derandomize=True)
@given(st.text(alphabet="ab 中文，\u3000x", max_size=200), st.integers(2, 30))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, cells: int) -> None:
    lines = list(wrapped(text, cells))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cells_of(line) <= cells for line in lines)


def test_bytes_that_only_might_be_utf_16_are_not_text(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedType):
        opened(b"Larkfield, but no document\x00\x01\xff", tmp_path)
    assert opened("plain words\nof two lines".encode("utf-16-le"), tmp_path / "2").text == "plain words\nof two lines"
