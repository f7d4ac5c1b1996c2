"""Whether a file is Folio's own: by its name, and a PDF also by what lies beside it."""

from pathlib import Path

import pytest

from folio import keys
from folio.stores.folder import FolderStore
from folio.stores.ownership import is_ours

PDFS = [keys.output_key("a.pdf", "pdf"), keys.output_key("a.pdf", "pdf", "2-3")]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def put(tmp_path: Path, *names: str) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")


@pytest.mark.parametrize("key", PDFS)
def test_a_pdf_of_our_name_is_a_document_where_nothing_of_ours_lies_beside_it(
    key: str, store: FolderStore, tmp_path: Path
) -> None:
    put(tmp_path, key, "a.pdf.ocr/other.pdf", "b.pdf")
    assert not is_ours(store, key)


@pytest.mark.parametrize(
    ("key", "beside"),
    [
        (PDFS[0], "a.pdf"),
        (PDFS[0], keys.result_key("a.pdf")),
        (PDFS[1], "a.pdf"),
        (PDFS[1], keys.result_key("a.pdf", "2-3")),
    ],
)
def test_it_is_ours_beside_its_document_or_its_result(
    key: str, beside: str, store: FolderStore, tmp_path: Path
) -> None:
    put(tmp_path, key, beside)
    assert is_ours(store, key)


@pytest.mark.parametrize(
    "key", ["a.pdf.ocr.json", keys.output_key("a.pdf", "text"), keys.job_key("me", "1", "a.ocr/searchable.pdf")]
)
def test_all_else_is_told_by_its_name(key: str, store: FolderStore) -> None:
    assert is_ours(store, key)
    assert not is_ours(store, "a.pdf")
