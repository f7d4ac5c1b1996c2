"""A batch scan taken apart at its separator sheets: a result, with its outputs, for each document in it.

The result of the whole batch stays what it is, with all pages; its `parts` say which pages are whose, and its `outputs`
where the results of the parts lie (`part-1`, `part-1.text` …).
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from folio import keys
from folio.config.options import Split
from folio.models import BatchPart, Field, Output, Page, ResultHead
from folio.outputs.pdf.some_pages import copy_pages
from folio.outputs.result_json import JsonWriter
from folio.outputs.writers import Outputs
from folio.reading.document_reader import Reading
from folio.reading.page_outcome import PageOutcome, Summary
from folio.reading.result import output_keys

_MAX_BESIDE = 40  # letters and digits beside the code on a separator sheet: a line that says what it is
_WITHOUT_PDF = "Parts of the split document have no searchable PDF; that of the whole one has all of its pages."
_WITHOUT_PDFA = "The parts of a split document have no PDF/A; that of the whole one has all of its pages."


def is_separator(page: Page, split: Split) -> bool:
    """Return whether a page stands between two documents of a batch and belongs to neither."""
    if page.status != "ok":
        return False
    if split == "blank":
        return page.origin == "blank" or not (page.text.strip() or page.codes or page.seals or page.tables)
    beside = page.text
    for code in page.codes:
        beside = beside.replace(code.value, "")
    return bool(page.codes) and sum(map(str.isalnum, beside)) <= _MAX_BESIDE and not page.tables


class Parts:
    """Collects the finished pages of a batch, part by part; one part is open at a time."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._split: Split = reading.options.split
        self._kinds: list[Output] = [kind for kind in reading.options.outputs if kind not in keys.PDFS]
        self._parts: list[BatchPart] = []
        self._separator: str | None = None
        self._open: _OpenPart | None = None
        self._files: dict[str, Path] = {}
        self._finished: list[_OpenPart] = []

    def add(self, page: Page, fields: Sequence[Field]) -> None:
        """Add the next page, with the fields on it."""
        if self._split == "none":
            return
        if is_separator(page, self._split):
            self.close()
            self._separator = page.codes[0].value if page.codes else None
            return
        if self._open is None:
            number = len(self._finished) + 1
            self._open = _OpenPart(number, self._reading, self._kinds, self._separator)
        self._open.add(page, fields)

    def close(self) -> None:
        """End the part that is open."""
        if self._open:
            self._open.close()
            self._finished.append(self._open)
        self._open = None

    def finish(self, head: ResultHead, pdf: Path | None) -> tuple[ResultHead, dict[str, Path]]:
        """Return the head of the whole result with its parts, and the files of these. Call `close` before.

        `pdf` is the searchable PDF of the whole document, of which those of the parts are taken.
        """
        parts, files = [], dict[str, Path]()
        requested = {kind: kind in self._reading.options.outputs for kind in keys.PDFS}
        without = {_WITHOUT_PDFA} if requested["pdfa"] else set[str]()
        for one in self._finished:
            has_pdf = pdf is not None and one.take_pages(pdf)
            without |= {_WITHOUT_PDF} if requested["pdf"] and not has_pdf else set()
            files |= one.finish(head)
            parts.append(BatchPart(number=one.number, pages=tuple(one.pages), separator=one.separator))
        if not parts:
            return head, {}
        context = self._reading.context
        names = output_keys(self._reading.services.store, context.source, files, context.scope)
        head = msgspec.structs.replace(
            head, parts=tuple(parts), outputs=head.outputs | names, warnings=(*head.warnings, *sorted(without))
        )
        return head, files


class _OpenPart:
    """One document of a batch: its pages as they come, then its files."""

    def __init__(self, number: int, reading: Reading, kinds: Sequence[Output], separator: str | None) -> None:
        self.number, self.separator = number, separator
        self.pages: list[int] = []
        self._reading = reading
        self._folder = reading.folder / f"part-{number}"
        self._folder.mkdir()
        self._summary = Summary()
        self._json = JsonWriter(self._folder)
        self._outputs = Outputs(kinds, reading.document, self._folder, reading.services.settings)
        self._written: dict[str, Path] = {}

    def add(self, page: Page, fields: Sequence[Field]) -> None:
        self.pages.append(page.number)
        self._summary.add(PageOutcome(page, tuple(fields)))
        self._json.add(page)
        self._outputs.add(page, fields)

    def close(self) -> None:
        files, warnings = self._outputs.finish()
        self._summary.warn(warnings)
        self._written = {f"part-{self.number}.{kind}": file for kind, file in files.items()}
        self._json.pause()

    def take_pages(self, pdf: Path) -> bool:
        """Make the part's searchable PDF of the whole one's; return whether that could be done."""
        target = self._folder / "searchable.pdf"
        try:
            copy_pages(pdf, self.pages, target)
        except OSError:
            raise
        except Exception:  # noqa: BLE001 (pypdf raises whatever error comes first in a damaged file)
            return False
        self._written[f"part-{self.number}.pdf"] = target
        return True

    def finish(self, whole: ResultHead) -> dict[str, Path]:
        """Return the files of the part by kind; its result says of source and engine what that of the whole does."""
        context, summary = self._reading.context, self._summary
        head = msgspec.structs.replace(
            whole,
            status=summary.status,
            text=summary.text,
            confidence=summary.confidence,
            fields=summary.fields,
            warnings=summary.warnings,
            outputs=output_keys(self._reading.services.store, context.source, self._written, context.scope),
            redacted=None
            if whole.redacted is None
            else {kind: summary.redacted.get(kind, 0) for kind in whole.redacted},
        )
        return {f"part-{self.number}": self._json.finish(head), **self._written}
