"""`<key>.ocr.json`, written page by page so that a long document takes no more memory than a short one."""

import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from folio.models import Page, ResultHead, encode


class JsonWriter:
    """Collects pages in a file in `folder`, then puts the head before them. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pages = (folder / "pages.json").open("w+b")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pages.close()

    def add(self, page: Page) -> None:
        self._pages.write(b"," if self._pages.tell() else b"")
        self._pages.write(encode(page))

    def finish(self, head: ResultHead) -> Path:
        """The whole result as a file; `models.decode(…, Result)` reads it."""
        target = self._folder / "result.json"
        self._pages.seek(0)
        with target.open("wb") as file:
            file.write(encode(head)[:-1] + b',"pages":[')
            shutil.copyfileobj(self._pages, file)
            file.write(b"]}")
        return target
