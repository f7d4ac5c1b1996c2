"""The result of a reading as files, written page by page."""

import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from folio.models import Field, Page
from folio.outputs.result_json import JsonWriter
from folio.outputs.writers import Outputs
from folio.reading.document_reader import Reading
from folio.reading.held_pages import HeldPages
from folio.reading.page_outcome import PageOutcome, Summary
from folio.reading.result import engine_head, output_keys, result_head
from folio.reading.split_parts import Parts
from folio.structure.document import DocumentStructure


class ResultFiles(Struct, frozen=True):
    """A whole result that nobody sees yet: its JSON, its outputs by kind, and what its pages add up to."""

    content: Path
    outputs: dict[str, Path]
    summary: Summary


class ResultWriter:
    """Collects the pages of a reading in its scratch folder. Use as a context manager."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._summary = Summary()
        options, settings = reading.options, reading.services.settings
        redacts = bool(options.redact)
        self._outputs = Outputs(options.outputs, reading.document, reading.folder, settings, redacts=redacts)
        self._json = JsonWriter(reading.folder)
        self._parts = Parts(reading)
        self._structure = DocumentStructure()
        self._held = HeldPages(reading)
        self._fields: dict[int, tuple[Field, ...]] = {}  # of the pages that are held, by their numbers

    def __enter__(self) -> Self:
        self._json.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._json.__exit__(kind, error, trace)

    def add(self, outcome: PageOutcome) -> None:
        """Add the next page, and report it to who watches."""
        if self._reading.options.redact:
            self._held.add(outcome)
        else:
            self._add(outcome)
        self._reading.services.on_page(self._reading.document, outcome.page)

    def _add(self, outcome: PageOutcome) -> None:
        self._summary.add(outcome)
        self._fields[outcome.page.number] = outcome.fields
        self._write(self._structure.add(outcome.page))

    def _write(self, pages: Iterable[Page]) -> None:
        for page in pages:
            fields = self._fields.pop(page.number)
            self._json.add(page)
            self._outputs.add(page, fields)
            self._parts.add(page, fields)

    def finish(self) -> ResultFiles:
        """Write the whole result. Raises the reason if too many pages failed for one."""
        reading, summary = self._reading, self._summary
        for outcome in self._held.finish():
            self._add(outcome)
        self._write(self._structure.finish())
        self._parts.close()
        settings = reading.services.settings
        summary.require_pages(settings.max_failed)
        files, warnings = self._outputs.finish()
        if self._json.is_long or summary.pages > settings.split_pages:
            files["index"] = self._json.index
        summary.warn((*reading.document.warnings, *warnings))
        summary.timings["total"] = time.monotonic() - reading.context.began
        engine = engine_head(reading.options, reading.chain.names, reading.chain.version(), reading.context.fingerprint)
        context, options = reading.context, reading.options
        outputs = output_keys(reading.services.store, context.source, files, context.scope)
        cost = reading.ledger.cost()
        head = result_head(context.source, reading.document, engine, summary, options, outputs, cost)
        head, parts = self._parts.finish(head, files.get("pdf"))
        return ResultFiles(self._json.finish(head), files | parts, summary)
