"""One page of a document is had without the rest of its result, also of one with few pages."""

from pathlib import Path

import pytest

from folio import keys
from folio.deadline import Deadline
from folio.models import Result, decode
from folio.reading.pipeline import Request, read_upload
from folio.reading.result import read_page
from folio.stores.base import Stored
from folio.stores.folder import FolderStore
from folio.wiring import make_services
from tests.support.defaults import settings
from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.tools import needs_tools

pytestmark = needs_tools
_PAGES = 12


class OnlyParts(FolderStore):
    """Refuses to give a whole result."""

    def read(self, key: str) -> Stored | None:
        if key.endswith(keys.RESULT):
            pytest.fail(f"{key} was read whole.")
        return super().read(key)


def test_a_page_of_a_short_document_is_read_alone(tmp_path: Path) -> None:
    lines = [f"line {number} of a page with a great many short words in it so that it is long" for number in range(50)]
    content = text(*lines, at=(20, 580), height=7)
    (tmp_path / "a.pdf").write_bytes(make_pdf(*[PdfPage(content=content)] * _PAGES))
    store = FolderStore(tmp_path)
    read_upload(Request(key="a.pdf"), make_services(store, settings()), Deadline(60))
    result = tmp_path / keys.result_key("a.pdf")
    assert result.stat().st_size > 500_000
    for page in decode(result.read_bytes(), Result).pages:
        found = read_page(OnlyParts(tmp_path), "a.pdf", page.number)
        assert found is not None
        assert len(found) < 0.2 * result.stat().st_size


def test_a_small_result_has_no_second_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf(*[PdfPage(content=text("one line"))] * 2))
    read_upload(Request(key="a.pdf"), make_services(FolderStore(tmp_path), settings()), Deadline(60))
    assert not (tmp_path / keys.output_key("a.pdf", "index")).exists()
