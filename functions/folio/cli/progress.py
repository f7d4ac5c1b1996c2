"""What a run says on standard error: a bar on a terminal, and a line for each file as it is done."""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from folio.cli import console
from folio.cli.messages import desk_hint, sentence, tr
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
                label=tr("Reading"),
                file=sys.stderr,
                item_show_func=lambda _: self._counts(),
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
        if outcome.error or self._level != "quiet":
            self._say(outcome_line(file, outcome, self._results))
        if self._bar:
            self._bar.update(max(0, len(self._outcomes) * _WHOLE - self._bar.pos), len(self._outcomes))
            self._bar.render_progress()  # an update by nothing does not draw the counts

    def _counts(self) -> str:
        return tr("{done}/{total} files, {pages} pages", done=len(self._outcomes), total=self._files, pages=self._pages)

    def summarize(self) -> int:
        """Say what became of all, and return the exit code: that of the only reason why files failed, or 1."""
        counts = Counter(outcome.status for outcome in self._outcomes.values())
        pages = sum(outcome.pages for outcome in self._outcomes.values())
        summary = ", ".join(f"{count} {tr(status)}" for status, count in sorted(counts.items()))
        if self._level != "quiet":
            files, read = number(len(self._outcomes), "file"), number(pages, "page")
            console.err(
                tr(
                    "{files}: {summary}; {pages} read.",
                    files=files,
                    summary=summary or tr("nothing to read"),
                    pages=read,
                )
            )
        codes = {outcome.error.exit_code for outcome in self._outcomes.values() if outcome.error}
        return 0 if not codes else codes.pop() if len(codes) == 1 else SEVERAL_REASONS

    def _say(self, line: str) -> None:
        console.err(f"{_CLEAR_LINE}{line}" if self._bar else line)


def outcome_line(file: LocalFile, outcome: Outcome, results: Path | None) -> str:
    """Return the line on a file: what was written where and how sure the reading is, or why it failed."""
    if outcome.error:
        return _error_line(file, outcome, outcome.error)
    if outcome.written is None:
        return f"{file.key}: {tr(outcome.status)}"
    is_read = f"{number(outcome.pages, 'page')}{how_sure(outcome.confidence)}"
    what = tr("read already") if outcome.status == "already-read" else is_read
    return f"{file.key}: {what}: {shown_path((results or file.root) / outcome.written)}"


def number(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return tr(f"{{count}} {noun}{'s' * (count != 1)}", count=count)


def how_sure(confidence: float | None) -> str:
    """Return what follows in a line on how sure a reading is; nothing where that is not known."""
    return "" if confidence is None else tr(", {share} sure", share=f"{confidence:.0%}")


def shown_path(path: Path) -> str:
    """Return a path as a person here would write it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative


def _page_line(file: LocalFile, document: Document, page: Page) -> str:
    who = page.provider or page.origin
    state = sentence(page.error.message) if page.error else f"{who}{how_sure(page.confidence)}"
    line = "{name}: page {number} of {total}: {state}"
    message = tr(line, name=file.key, number=page.number, total=document.pages, state=state)
    return " ".join((message, *map(sentence, page.warnings)))


def _error_line(file: LocalFile, outcome: Outcome, error: FolioError) -> str:
    preserved = " " + tr("The result that is there is kept.") if outcome.preserved else ""
    kind, hint = type(error).__name__, sentence(desk_hint(error))
    return f"{tr(outcome.status)}: {file.key}: {sentence(error.message)} [{kind}] {hint}{preserved}"
