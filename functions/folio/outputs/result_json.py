"""`<key>.ocr.json`, written page by page so that a long document takes no more memory than a short one."""

import shutil
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from msgspec import Struct

from folio.models import Page, ResultHead, encode


class PageIndex(Struct, frozen=True):
    """`<key>.ocr/index.json` of a long result: start and length of each page's object in the result, in bytes."""

    pages: dict[int, tuple[int, int]]


_LONG_BYTES = 500_000  # read and parsed in about 20 ms, and what about seven dense pages have


class JsonWriter:
    """Collects pages in a file in `folder`, then puts the head before them. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pages: BinaryIO = (folder / "pages.json").open("w+b")
        self._spans: dict[int, tuple[int, int]] = {}
        self.index = folder / "index.json"  # written with the result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pages.close()

    def pause(self) -> None:
        """Close the file of pages, which are all there, until `finish`: a batch has many parts."""
        self._pages.close()

    def add(self, page: Page) -> None:
        self._pages.write(b"," if self._pages.tell() else b"")
        content = encode(page)
        self._spans[page.number] = self._pages.tell(), len(content)
        self._pages.write(content)

    @property
    def is_long(self) -> bool:
        """Whether somebody who wants one page should not have to read all of them."""
        return len(self._spans) > 1 and self._pages.tell() > _LONG_BYTES

    def finish(self, head: ResultHead) -> Path:
        """Return the whole result as a file, which `models.decode(…, Result)` reads."""
        target = self._folder / "result.json"
        if self._pages.closed:
            self._pages = (self._folder / "pages.json").open("rb")
        self._pages.seek(0)
        start = encode(head)[:-1] + b',"pages":['
        spans = {number: (len(start) + offset, length) for number, (offset, length) in self._spans.items()}
        self.index.write_bytes(encode(PageIndex(spans)))
        with target.open("wb") as file:
            file.write(start)
            shutil.copyfileobj(self._pages, file)
            file.write(b"]}")
        self._pages.close()
        return target
