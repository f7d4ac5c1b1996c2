"""Engines that are not there: the real stores and the real pipeline around a text that is known beforehand."""

import time
from pathlib import Path

from folio.config.options import Options
from folio.deadline import Deadline
from folio.models import Line, PageImage, PageText, Word
from folio.providers.base import Status
from folio.providers.cost import Ledger

TEXT = "Larkfield"


_SECONDS = 0.1  # for a page, in which nothing is computed


class FixedText:
    """Reads the same word on every page, in no time, and remembers which pages it was given."""

    name = "tesseract"

    def __init__(self) -> None:
        self.read: list[int] = []

    def version(self) -> str:
        return "0"

    def check(self, options: Options) -> None:
        """Knows every language."""

    def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:  # noqa: ARG002 (the protocol names them)
        self.read.append(page.number)
        box = ((0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 5.0))
        word = Word(TEXT, 0.9, box)
        return PageText(TEXT, (Line(TEXT, 0.9, box, (word,)),))

    def status(self) -> Status:
        return Status(self.name, usable=True, detail="a fake")


class LoggedText(FixedText):
    """The same, but it takes a moment, and processes that share the work write down in one file what each has read."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:
        time.sleep(_SECONDS)
        with self._log.open("a") as file:  # so short a line is appended whole
            file.write(f"{page.number}\n")
        return super().recognize(page, options, deadline, ledger)
