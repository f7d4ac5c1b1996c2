"""What a run says on standard error: a bar on a terminal, and a line for each file as it is done."""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from folio.cli import console
from folio.desk.local import LocalFile
from folio.errors import FolioError
from folio.models import Document, Page
from folio.reading.request import Outcome

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

type Level = Literal["quiet", "normal", "verbose"]

SEVERAL_REASONS = 1
_WHOLE = 1000  # steps of the bar for a file, shared by its pages
_CLEAR_LINE = "\r\x1b[2K"


class Progress:
    """Follows the reading of some files. Use as a context manager. Pages come from several threads."""

    def __init__(self, files: int, level: Level = "normal", results: Path | None = None) -> None:
        self._files, self._level, self._results = files, level, results
        self._outcomes: dict[LocalFile, Outcome] = {}
        self._pages = 0
        self._bar: ProgressBar[int] | None = None
        if sys.stderr.isatty() and level != "quiet":
            self._bar = click.progressbar(
                length=files * _WHOLE,
                label="Reading",
                file=sys.stderr,
                item_show_func=lambda _: f"{len(self._outcomes)}/{files} files, {self._pages} pages",
            )

    def __enter__(self) -> "Progress":
        if self._bar:
            self._bar.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.render_finish()

    def page(self, file: LocalFile, document: Document, page: Page) -> None:
        """A page was read."""
        self._pages += 1
        if self._level == "verbose":
            self._say(_page_line(file, document, page))
        if self._bar:
            self._bar.update(_WHOLE // document.pages, page.number)

    def file(self, file: LocalFile, outcome: Outcome) -> None:
        """A file was read, or could not be."""
        self._outcomes[file] = outcome
        if outcome.error:
            self._say(_error_line(file, outcome, outcome.error))
        elif self._level != "quiet":
            self._say(self._line(file, outcome))
        if self._bar:
            self._bar.update(max(0, len(self._outcomes) * _WHOLE - self._bar.pos), len(self._outcomes))
            self._bar.render_progress()  # an update by nothing does not draw the counts

    def summarize(self) -> int:
        """Say what became of all, and return the exit code: that of the only reason why files failed, or 1."""
        counts = Counter(outcome.status for outcome in self._outcomes.values())
        pages = sum(outcome.pages for outcome in self._outcomes.values())
        summary = ", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "nothing to read"
        if self._level != "quiet":
            console.err(f"{number(len(self._outcomes), 'file')}: {summary}; {number(pages, 'page')} read.")
        codes = {outcome.error.exit_code for outcome in self._outcomes.values() if outcome.error}
        return 0 if not codes else codes.pop() if len(codes) == 1 else SEVERAL_REASONS

    def _say(self, line: str) -> None:
        console.err(f"{_CLEAR_LINE}{line}" if self._bar else line)

    def _line(self, file: LocalFile, outcome: Outcome) -> str:
        """Say what was written where, and how sure the reading is."""
        if outcome.written is None:
            return f"{file.key}: {outcome.status}"
        is_read = f"{number(outcome.pages, 'page')}{how_sure(outcome.confidence)}"
        what = "read already" if outcome.status == "already-read" else is_read
        return f"{file.key}: {what}: {shown_path((self._results or file.root) / outcome.written)}"


def number(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count} {noun}{'s' * (count != 1)}"


def how_sure(confidence: float | None) -> str:
    """Return what follows in a line on how sure a reading is; nothing where that is not known."""
    return "" if confidence is None else f", {confidence:.0%} sure"


def shown_path(path: Path) -> str:
    """Return a path as a person here would write it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative


def _page_line(file: LocalFile, document: Document, page: Page) -> str:
    who = page.provider or page.origin
    state = page.error.message if page.error else f"{who}{how_sure(page.confidence)}"
    return " ".join((f"{file.key}: page {page.number} of {document.pages}: {state}", *page.warnings))


def _error_line(file: LocalFile, outcome: Outcome, error: FolioError) -> str:
    preserved = " The result that is there is kept." if outcome.preserved else ""
    return f"{outcome.status}: {file.key}: {error.message} [{type(error).__name__}] {error.hint}{preserved}"
