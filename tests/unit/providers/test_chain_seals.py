"""Seals are read by a provider that reads them for nothing; that it cannot costs no page."""

from pathlib import Path

from folio.deadline import Deadline
from folio.errors import EngineFailed, ToolMissing
from folio.models import Ink, SealText
from tests.unit.providers.test_chain import Named, chain, text

INKS = [Ink(Path("a.pgm")), Ink(Path("b.pgm"), is_repeated=True)]
READ = SealText("财务专用章", 0.9)


class SealNamed(Named):
    """Reads seals too; the first one, and fails for others."""

    def read_seal(self, ink: Ink, deadline: Deadline) -> SealText:
        deadline.timeout(1)
        if ink != INKS[0]:
            raise EngineFailed("It ended.")
        return READ


def test_a_seal_that_cannot_be_read_is_empty() -> None:
    asked = chain(Named("baidu", text("a")), SealNamed("ppocr", text("a")))
    assert asked.read_seals(INKS, Deadline(60)) == [READ, SealText()]


def test_without_a_reader_of_seals_there_are_no_texts() -> None:
    assert chain(Named("tesseract", text("a"))).read_seals(INKS, Deadline(60)) == []


def test_a_reader_that_is_not_installed_is_not_asked() -> None:
    missing = chain(SealNamed("ppocr", text("a"), ToolMissing("No PP-OCR.")), Named("tesseract", text("a")))
    missing.check()
    assert missing.read_seals(INKS, Deadline(60)) == []


def test_nothing_is_raised_when_the_time_is_up() -> None:
    late = chain(SealNamed("ppocr", text("a")))
    assert late.read_seals(INKS, Deadline(0)) == [SealText(), SealText()]
