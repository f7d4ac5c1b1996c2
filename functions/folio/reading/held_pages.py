"""Pages of a document of which something is masked: held until the last one has been read, in a file.

A number that only its label gives away (an account that fails its check digit) stands on other pages without one, also
on pages before it. What earlier pages say is therefore written when all of them are known.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import structs

from folio.models import decode, encode
from folio.reading.document_reader import Reading
from folio.reading.page_outcome import PageOutcome
from folio.structure.redaction import redacted


class HeldPages:
    """Takes pages as they were read, and gives them back in the same order with more masked."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._path: Path = reading.folder / "held"
        self._sizes: list[int] = []

    def add(self, outcome: PageOutcome) -> None:
        data = encode(outcome)
        with self._path.open("ab") as file:
            file.write(data)
        self._sizes.append(len(data))

    def finish(self) -> Iterator[PageOutcome]:
        """Yield all pages; one of them is in memory at a time."""
        if not self._sizes:
            return
        options, known = self._reading.options, self._reading.reader.private
        with self._path.open("rb") as file:
            for size in self._sizes:
                outcome = decode(file.read(size), PageOutcome)
                page, fields = redacted(outcome.page, outcome.fields, options.redact, known)
                yield structs.replace(outcome, page=page, fields=fields)
        self._path.unlink()
