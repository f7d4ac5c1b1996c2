"""`<key>.ocr.json`, written page by page so that a long document takes no more memory than a short one."""

import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from folio.models import Page, ResultHead, encode


class PageIndex(Struct, frozen=True):
    """`<key>.ocr/index.json` of a long document: start and length of each page's object in the result, in bytes."""

    pages: dict[int, tuple[int, int]]


class JsonWriter:
    """Collects pages in a file in `folder`, then puts the head before them. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pages = (folder / "pages.json").open("w+b")
        self._spans: dict[int, tuple[int, int]] = {}
        self.index = folder / "index.json"  # written with the result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pages.close()

    def add(self, page: Page) -> None:
        self._pages.write(b"," if self._pages.tell() else b"")
        content = encode(page)
        self._spans[page.number] = self._pages.tell(), len(content)
        self._pages.write(content)

    def finish(self, head: ResultHead) -> Path:
        """Return the whole result as a file, which `models.decode(…, Result)` reads."""
        target = self._folder / "result.json"
        self._pages.seek(0)
        start = encode(head)[:-1] + b',"pages":['
        spans = {number: (len(start) + offset, length) for number, (offset, length) in self._spans.items()}
        self.index.write_bytes(encode(PageIndex(spans)))
        with target.open("wb") as file:
            file.write(start)
            shutil.copyfileobj(self._pages, file)
            file.write(b"]}")
        return target
