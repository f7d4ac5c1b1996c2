"""`folio.Client` is the twin of `folio.read`: the same calls, the same members, the same errors, wherever the API runs.

A test module takes the tests by importing Twin, and has a fixture `api`.
"""

from pathlib import Path

import pytest

import folio
from tests.support.api.conformance import LOCKED, ONE, THREE
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.processes.serving import Api

MANY = make_pdf(*(PdfPage(picture=words(word)) for word in ("Larkfield", "Oakham", "Twine", "Quill") * 3))


@pytest.fixture
def client(api: Api, monkeypatch: pytest.MonkeyPatch) -> folio.Client:
    """A client; addresses of the bucket behind a container are made such as can be reached from here."""
    made = folio.Client(api.url, key=api.key, timeout=120)
    calls = made._calls
    fetch, send_form = calls.fetch, calls.send_form
    monkeypatch.setattr(calls, "fetch", lambda url: fetch(api.reach(url)))
    monkeypatch.setattr(calls, "send_form", lambda url, fields: send_form(api.reach(url), fields))
    return made


class Twin:
    def test_it_reads_what_read_reads(self, client: folio.Client, tmp_path: Path) -> None:
        (tmp_path / "three.pdf").write_bytes(THREE)
        there = client.read(tmp_path / "three.pdf", languages="eng", pages=[1, 3])
        here = folio.read(tmp_path / "three.pdf", languages="eng", pages=[1, 3])
        assert there.text == here.text == "Larkfield\n\nTwine"
        assert [word.text for word in there.words] == ["Larkfield", "Twine"]
        assert [page.number for page in there.pages] == [1, 3]
        assert there.result.source.key == "three.pdf"
        saved = there.save(tmp_path / "searchable.pdf")
        assert folio.read(saved, ocr="never", pages=1).text == "Larkfield"
        assert "Twine" in there.save(tmp_path / "three.md").read_text()

    def test_what_becomes_a_job_is_waited_for(self, client: folio.Client, tmp_path: Path) -> None:
        told: list[tuple[int, int | None]] = []
        document = client.read(MANY, progress=lambda done, total: told.append((done, total)))
        assert len(document.pages) == 12
        assert told[-1] == (12, 12)
        job = client.start(ONE)
        assert client.job(job).state in ("queued", "reading", "complete")
        waited = client.wait(job)
        assert waited.text == "Larkfield"
        assert waited.save(tmp_path / "waited.pdf").read_bytes().startswith(b"%PDF-"), "the document itself is there"

    def test_a_job_is_deleted_while_it_is_read(self, client: folio.Client) -> None:
        job = client.start(MANY)
        client.delete(job)
        with pytest.raises(folio.errors.NotFound):
            client.job(job)

    def test_a_large_document_goes_through_the_bucket(self, client: folio.Client) -> None:
        large = ONE + b"%" + b" " * 5_000_000 + b"\n%%EOF\n"
        assert client.read(large).text == "Larkfield"

    def test_errors_are_those_of_read(self, client: folio.Client, tmp_path: Path) -> None:
        with pytest.raises(folio.errors.BadOption) as refused:
            client.read(ONE, dpi=9)
        assert refused.value.field == "dpi"
        with pytest.raises(folio.errors.PasswordProtected):
            client.read(LOCKED)
        with pytest.raises(folio.errors.PasswordProtected):
            client.wait(client.start(LOCKED))
        with pytest.raises(folio.errors.SourceGone):
            client.read(tmp_path / "nothing.pdf")
        with pytest.raises(folio.errors.NotFound):
            client.job("A" * 32)
        with pytest.raises(folio.errors.NotFound):
            client.read("s3://some-bucket/a.pdf")
        assert "tesseract" in [one.name for one in client.providers() if one.usable]
