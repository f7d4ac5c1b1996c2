"""Pages that a request has read go with the document into its job, so that none is read twice."""

from contextlib import suppress
from pathlib import Path

from folio.keys import checkpoints, is_checkpoint
from folio.models import Result
from folio.providers.cost import Ledger
from folio.reading.checkpoint import Checkpoint
from folio.reading.page_outcome import PageOutcome
from folio.stores.base import Conflict, Store
from folio.stores.put import put_bytes


def carry(store: Store, key: str, job: str, bucket: Store) -> None:
    """Copy the saved pages of the reading of `key` in one store to the document `job` in another."""
    before, after = checkpoints(key), checkpoints(job)
    for name in filter(is_checkpoint, store.list(before)):
        if stored := store.read(name):
            with suppress(Conflict):  # a new job has no pages yet
                put_bytes(bucket, after + name.removeprefix(before), stored.data, None)


def save_result(result: Result, job: str, bucket: Store, folder: Path) -> None:
    """Save all pages of a reading that is finished, but whose result is too large to send."""
    checkpoint = Checkpoint(
        bucket,
        job,
        result.source.sha256 or "",
        result.engine.settings,
        total=len(result.pages),
        folder=folder,
        ledger=Ledger(),
        closing=True,
        ahead=True,
    )
    for index, page in enumerate(result.pages, 1):
        fields = tuple(field for field in result.fields if field.page == page.number)
        checkpoint.keep(index, PageOutcome(page, fields))
    checkpoint.flush()
