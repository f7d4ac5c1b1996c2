"""Mail, archives, web pages and books: their text, and the files in them as parts."""

import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from folio.config.settings import Settings
from folio.documents.document import open_chosen
from folio.documents.opening import is_document, open_document
from folio.errors import BadOption, EmptyDocument, UnsupportedType
from tests.support.documents.ofds import zipped
from tests.support.documents.office import epub
from tests.support.documents.ole import compound, message
from tests.support.documents.opened import opened
from tests.support.documents.pdfs import PdfPage, make_pdf

HTML = (
    "<html><head><title>not shown</title><style>p{}</style></head><body><h2>Offer</h2><p>Dear <b>Ms</b>\n Li,</p>"
    "<p style='display:none'>hidden</p><ol start=3><li>three<li>four</ol><table><tr><th>A</th><th>B</th></tr>"
    "<tr><td rowspan=2>1</td><td>2</td></tr><tr><td>3</td></tr></table><script>alert(1)</script></body></html>"
)


def mail(**attachments: bytes) -> bytes:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "报价单 77", "王小明 <wang@example.org>", "li@example.org"
    made.set_content("the plain form")
    made.add_alternative(HTML, subtype="html")
    for name, data in attachments.items():
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name.replace("_", "."))
    return made.as_bytes()


def test_a_page_of_html_is_what_a_browser_shows(tmp_path: Path) -> None:
    (page,) = opened(HTML.encode(), tmp_path).pages
    assert page.text == "Offer\n\nDear Ms Li,\n\n3. three\n\n4. four\n\nA\tB\n1\t2\n3"
    assert (page.blocks[0].kind, page.blocks[0].level, page.tables[0].header_rows) == ("heading", 2, 1)
    assert page.tables[0].cells[2].row_span == 2


@pytest.mark.parametrize("encoding", ["gb2312", "utf-8", "shift_jis"])
def test_html_is_in_the_encoding_that_it_declares(encoding: str, tmp_path: Path) -> None:
    made = f'<!DOCTYPE html><meta charset="{encoding}"><p>日本 2026</p>'.encode(encoding)
    assert opened(made, tmp_path).text == "日本 2026"


def test_a_mail_is_its_head_its_text_and_its_attachments(tmp_path: Path) -> None:
    read = opened(mail(note_txt="附注".encode("gbk")), tmp_path)
    assert read.pages[0].text.startswith("报价单 77\n\nFrom: 王小明 <wang@example.org>\nTo: li@example.org\n\nOffer")
    assert "the plain form" not in read.text
    assert read.names == ["note.txt"]


def test_a_mail_with_bytes_that_nothing_declares_is_read(tmp_path: Path) -> None:
    made = "Subject: 会议通知\r\nFrom: a@b.c\r\nMessage-ID: <1>\r\n\r\n会议于三点开始，请准时参加。\r\n".encode(
        "gb18030"
    )
    assert opened(made, tmp_path).text == "会议通知\n\nFrom: a@b.c\n\n会议于三点开始，请准时参加。"


def test_a_mail_of_outlook_is_read_with_what_is_attached_to_it(tmp_path: Path) -> None:
    inner = message({"0037": "Inner", "1000": "inner text"})
    texts = {"0037": "合同", "1000": "plain", "0C1A": "Wang", "5D01": "wang@example.org", "0E04": "Li"}
    made = compound(
        message(texts, html=b"<p>rich text</p>" * 300, attachments={"a.txt": b"attached " * 900}, within=inner)
    )
    read = opened(made, tmp_path)
    assert read.contents.media_type == "application/vnd.ms-outlook"
    head = "From: Wang <wang@example.org>\nTo: Li\nDate: Mon, 01 Jun 2026 02:00:00 +0000"
    assert read.pages[0].text.startswith(f"合同\n\n{head}\n\nrich text")
    assert read.pages[-1].text.endswith("inner text")
    assert read.names == ["a.txt"]
    assert read.contents.entries[-1].path.read_bytes() == b"attached " * 900


def test_a_book_is_read_chapter_by_chapter(tmp_path: Path) -> None:
    read = opened(epub(["<h1>One</h1><p>first</p>", "<p>second</p>"]), tmp_path)
    assert [page.text for page in read.pages] == ["One\n\nfirst", "second"]


def test_files_of_an_archive_are_parts_of_one_document(tmp_path: Path) -> None:
    files = {
        "in/a.eml": mail(b_pdf=make_pdf(PdfPage())),
        "说明.txt": "你好".encode("gb18030"),
        "x.bin": bytes(range(256)),
    }
    source = tmp_path / "a.zip"
    source.write_bytes(zipped(files))
    read = open_document(source, Settings(), 60, folder=tmp_path)
    assert (read.media_type, read.pages) == ("application/zip", 3)
    assert [part.name for part in read.parts] == ["in/a.eml", "in/a.eml/b.pdf", "说明.txt", "x.bin"]
    assert [part.pages for part in read.parts] == [1, 1, 1, 0]
    assert read.parts[-1].error is not None
    assert read.parts[-1].error.type == "UnsupportedType"
    assert read.locate(2)[0].media_type == "application/pdf"
    assert [read.part_of(number) for number in (1, 2, 3)] == [1, 2, 3]


def test_a_file_in_an_archive_can_be_read_alone(tmp_path: Path) -> None:
    source = tmp_path / "a.zip"
    source.write_bytes(zipped({"a.txt": b"one", "b.txt": b"two", "c.bin": bytes(range(256))}))
    for number, name in enumerate(("b.txt", "#2")):
        folder = tmp_path / str(number)
        folder.mkdir()
        chosen = open_chosen(source, name, folder, Settings(), 60)
        assert (chosen.attachment, chosen.pages, chosen.source_type) == ("b.txt", 1, "text/plain")
    (tmp_path / "x").mkdir()
    with pytest.raises(UnsupportedType, match="The attachment cannot be read"):
        open_chosen(source, "c.bin", tmp_path / "x", Settings(), 60)
    (tmp_path / "y").mkdir()
    with pytest.raises(BadOption, match=r"a\.txt"):
        open_chosen(source, "no.txt", tmp_path / "y", Settings(), 60)


def test_names_in_an_archive_are_read_as_systems_write_them(tmp_path: Path) -> None:
    made = zipped({"xxxxxxxx.txt": b"text"}).replace(b"xxxxxxxx", "发票扫描".encode("gbk"))
    assert opened(made, tmp_path).names == ["发票扫描.txt"]


def test_an_archive_without_documents_says_so(tmp_path: Path) -> None:
    with pytest.raises(EmptyDocument):
        opened(zipped({"__MACOSX/x": b"1"}), tmp_path)
    source = tmp_path / "b.zip"
    source.write_bytes(zipped({"x.bin": bytes(range(256))}))
    with pytest.raises(UnsupportedType, match="nothing in the document"):
        open_document(source, Settings(), 60, folder=tmp_path)


def test_below_a_folder_text_counts_by_its_name_and_all_else_by_content(tmp_path: Path) -> None:
    for name, content in {"a.txt": b"text", "b.py": b"text", "c.html": HTML.encode(), "d": mail()}.items():
        (tmp_path / name).write_bytes(content)
    assert [is_document(tmp_path / name) for name in ("a.txt", "b.py", "c.html", "d")] == [True, False, True, True]


def test_an_archive_that_starts_with_a_pdf_as_it_is_is_an_archive(tmp_path: Path) -> None:
    source = tmp_path / "a.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.pdf", make_pdf(PdfPage()))
    assert open_document(source, Settings(), 60, folder=tmp_path).media_type == "application/zip"
