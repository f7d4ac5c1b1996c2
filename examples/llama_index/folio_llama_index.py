"""LlamaIndex reads documents with Folio, alone or as the reader of a directory.

    from folio_llama_index import FolioReader
    from llama_index.core import SimpleDirectoryReader

    documents = FolioReader(languages="eng").load_data("contract.pdf")
    documents = SimpleDirectoryReader("scans", file_extractor={".pdf": FolioReader()}).load_data()

Needs folio-ocr and llama-index-core.
"""

from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from fsspec import AbstractFileSystem
from llama_index.core.readers.base import BaseReader
from llama_index.core.schema import Document

import folio

type By = Literal["chunk", "page"]

# For programs: neither embedded nor shown to a model, where they would take more room than the text.
_FOR_PROGRAMS = ["boxes", "pages", "confidence", "status", "total_pages", "failed_pages", "kind"]


class FolioReader(BaseReader):
    """Turns a file into documents, one for each chunk (about 512 tokens under one heading) or for each page."""

    def __init__(self, *, by: By = "chunk", read: Callable[..., folio.Document] = folio.read, **options: Any) -> None:
        """`options` are those of `folio.read`. `read` reads elsewhere if it is `folio.Client(…).read`."""
        self._by, self._read, self._options = by, read, options

    def lazy_load_data(
        self, file: str | PathLike[str], extra_info: dict[str, Any] | None = None, fs: AbstractFileSystem | None = None
    ) -> Iterator[Document]:
        """Read a file when its first document is asked for; `fs` is where it lies, if not on this machine.

        Metadata: `file_name`, `page_label` (counted from 1), `total_pages`, `boxes` ({page, box: [left, top, right,
        bottom], width, height: of the page, in the same pixels}), `confidence`, `status` ("partial" if pages could not
        be read: `failed_pages` says why), of chunks `headings`, `pages` and `kind`, and `extra_info`. Raises
        folio.FolioError, whose message is a sentence and whose `hint` says what to do.
        """
        document = self._read(file if fs is None else fs.cat_file(str(file)), **self._options)
        common = {"file_name": Path(file).name, **_about(document), **(extra_info or {})}
        pieces = _pages(document) if self._by == "page" else _chunks(document)
        for number, (text, metadata) in enumerate(pieces, start=1):
            yield Document(
                # The same content has the same ids, so that an index knows what it has.
                id_=f"{document.result.source.sha256}-{self._by}-{number}",
                text=text,
                metadata=common | metadata,
                excluded_embed_metadata_keys=list(_FOR_PROGRAMS),
                excluded_llm_metadata_keys=list(_FOR_PROGRAMS),
            )


def _about(document: folio.Document) -> dict[str, Any]:
    failed = {str(page.number): page.error.message for page in document.pages if page.error}
    about: dict[str, Any] = {"status": document.status, "total_pages": document.result.source.pages}
    return about | ({"failed_pages": failed} if failed else {})


def _pages(document: folio.Document) -> Iterator[tuple[str, dict[str, Any]]]:
    for page in document.pages:
        boxes = [_box(page, list(line.bounds)) for line in page.lines]
        yield page.text, {"page_label": str(page.number), "boxes": boxes, "confidence": page.confidence}


def _chunks(document: folio.Document) -> Iterator[tuple[str, dict[str, Any]]]:
    pages = {page.number: page for page in document.pages}
    for chunk in document.chunks:
        yield (
            chunk.text,
            {
                "page_label": str(chunk.pages[0]),
                "pages": list(chunk.pages),
                "boxes": [_box(pages[one.page], list(one.box)) for one in chunk.boxes],
                "headings": " > ".join(chunk.headings),
                "kind": chunk.kind,
                "confidence": chunk.confidence,
            },
        )


def _box(page: folio.Page, box: list[float]) -> dict[str, Any]:
    return {"page": page.number, "box": box, "width": page.width, "height": page.height}
