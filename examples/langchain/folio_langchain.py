"""LangChain reads documents with Folio: a loader for files, and a parser for blobs.

    from folio_langchain import FolioLoader

    documents = FolioLoader("contract.pdf", languages="eng").load()

Needs folio-ocr and langchain-core.
"""

from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from langchain_core.document_loaders import BaseBlobParser, BaseLoader
from langchain_core.documents import Document
from langchain_core.documents.base import Blob

import folio

type By = Literal["chunk", "page"]


class FolioParser(BaseBlobParser):
    """Turns a blob into documents, one for each chunk (about 512 tokens under one heading) or for each page."""

    def __init__(self, *, by: By = "chunk", read: Callable[..., folio.Document] = folio.read, **options: Any) -> None:
        """`options` are those of `folio.read`. `read` reads elsewhere if it is `folio.Client(…).read`."""
        self._by, self._read, self._options = by, read, options

    def lazy_parse(self, blob: Blob) -> Iterator[Document]:
        """Read a blob when its first document is asked for.

        Metadata: `source`, `page` (counted from 0, as LangChain's loaders do) and `page_label` (from 1), `total_pages`,
        `boxes` ({page from 1, box: [left, top, right, bottom], width, height: of the page, in the same pixels}),
        `confidence`, `status` ("partial" if pages could not be read: `failed_pages` says why) and, of chunks,
        `headings`, `pages` and `kind`. Raises folio.FolioError.
        """
        document = self._read(blob.path if blob.data is None and blob.path else blob.as_bytes(), **self._options)
        common = {"source": blob.source, **blob.metadata, **_about(document)}
        pieces = _pages(document) if self._by == "page" else _chunks(document)
        for number, (text, metadata) in enumerate(pieces, start=1):
            # The same content has the same ids, so that reading it again replaces what a store has.
            name = f"{document.result.source.sha256}-{self._by}-{number}"
            yield Document(id=name, page_content=text, metadata=common | metadata)


class FolioLoader(BaseLoader):
    """Loads files, one after the other as they are asked for."""

    def __init__(self, paths: str | PathLike[str] | Iterable[str | PathLike[str]], **arguments: Any) -> None:
        """`paths` is a file or several; `arguments` are those of FolioParser."""
        self._paths = [Path(path) for path in ([paths] if isinstance(paths, str | PathLike) else paths)]
        self._parser = FolioParser(**arguments)

    def lazy_load(self) -> Iterator[Document]:
        """Raises folio.FolioError, whose message is a sentence and whose `hint` says what to do."""
        for path in self._paths:
            yield from self._parser.lazy_parse(Blob(path=path, metadata={"source": str(path)}))


def _about(document: folio.Document) -> dict[str, Any]:
    failed = {str(page.number): page.error.message for page in document.pages if page.error}
    about: dict[str, Any] = {"status": document.status, "total_pages": document.result.source.pages}
    return about | ({"failed_pages": failed} if failed else {})


def _pages(document: folio.Document) -> Iterator[tuple[str, dict[str, Any]]]:
    for page in document.pages:
        boxes = [_box(page, list(line.bounds)) for line in page.lines]
        yield page.text, _place(page.number) | {"boxes": boxes, "confidence": page.confidence}


def _chunks(document: folio.Document) -> Iterator[tuple[str, dict[str, Any]]]:
    pages = {page.number: page for page in document.pages}
    for chunk in document.chunks:
        yield (
            chunk.text,
            _place(chunk.pages[0])
            | {
                "pages": list(chunk.pages),
                "boxes": [_box(pages[one.page], list(one.box)) for one in chunk.boxes],
                "headings": list(chunk.headings),
                "kind": chunk.kind,
                "confidence": chunk.confidence,
            },
        )


def _place(number: int) -> dict[str, Any]:
    return {"page": number - 1, "page_label": str(number)}


def _box(page: folio.Page, box: list[float]) -> dict[str, Any]:
    return {"page": page.number, "box": box, "width": page.width, "height": page.height}
