"""Engines that are not there: the real stores and the real pipeline around a text that is known beforehand."""

from folio.config.options import Options
from folio.deadline import Deadline
from folio.models import Line, PageImage, PageText, Word
from folio.providers.base import Status
from folio.providers.cost import Ledger

TEXT = "Larkfield"


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
