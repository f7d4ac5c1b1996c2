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
from folio.reading.page_outcome import PageOutcome, Summary
from folio.reading.result import engine_head, output_keys, result_head
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
        self._outputs = Outputs(reading.options.outputs, reading.document, reading.folder, reading.services.settings)
        self._json = JsonWriter(reading.folder)
        self._structure = DocumentStructure()
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
        self._summary.add(outcome)
        self._fields[outcome.page.number] = outcome.fields
        self._write(self._structure.add(outcome.page))
        self._reading.services.on_page(self._reading.document, outcome.page)

    def _write(self, pages: Iterable[Page]) -> None:
        for page in pages:
            self._json.add(page)
            self._outputs.add(page, self._fields.pop(page.number))

    def finish(self) -> ResultFiles:
        """Write the whole result. Raises the reason if too many pages failed for one."""
        reading, summary = self._reading, self._summary
        self._write(self._structure.finish())
        settings = reading.services.settings
        summary.require_pages(settings.max_failed)
        files, warnings = self._outputs.finish()
        if summary.pages > settings.split_pages:
            files["index"] = self._json.index
        summary.warn((*reading.document.warnings, *warnings))
        summary.timings["total"] = time.monotonic() - reading.context.began
        engine = engine_head(reading.options, reading.chain.names, reading.chain.version(), reading.context.fingerprint)
        context = reading.context
        outputs = output_keys(reading.services.store, context.source, files, context.scope)
        head = result_head(context.source, reading.document, engine, summary, outputs, reading.ledger.cost())
        return ResultFiles(self._json.finish(head), files, summary)
