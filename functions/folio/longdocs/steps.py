"""The steps of a long document: split, then recognize for each chunk, then merge.

Each may be repeated, and the same chunk may be recognized twice at a time: pages that are kept are not read again, and
what two of them keep is the same. All raise Superseded, Unavailable and Misconfigured.
"""

from collections import deque

import msgspec

from folio.deadline import Deadline
from folio.errors import EngineFailed, FolioError, Refused
from folio.longdocs.chunks import Chunk, plan
from folio.providers.base import PAID
from folio.reading.document_reader import Reading
from folio.reading.page_outcome import PageOutcome, failed_page
from folio.reading.pipeline import read_upload, reading_of
from folio.reading.request import Outcome, Request, Services

_STOPPED = EngineFailed("Reading this page was given up: whatever read it was stopped each time.")


def split(request: Request, services: Services, deadline: Deadline, *, anew: bool = False) -> list[Chunk]:
    """The chunks still to be recognized; `anew`: with the pages whose reader was stopped when it was done last.

    Raises Refused for options that nobody can serve.
    """
    with reading_of(request, services, deadline) as reading:
        reading.open()
        if anew:
            reading.kept.retry_crashed()
        if set(reading.options.providers) & set(PAID):
            reading.kept.restore(range(1, len(reading.numbers) + 1))
        left = reading.options.max_calls - reading.ledger.cost().calls
        return plan(reading.unread, services.settings.split_chunk, max(left, 0))


def recognize(request: Request, chunk: Chunk, services: Services, deadline: Deadline) -> int:
    """Read and keep the pages of a chunk; how many were left to read.

    Before the `last_attempt` it raises what may pass; at the last one, pages that fail so are kept as failed.
    """
    with reading_of(request, services, deadline) as reading:
        reading.open(chunk.places(), closing=request.last_attempt)
        reading.kept.restore(chunk.places())
        reading.ledger.limit(chunk.calls)
        try:
            reading.check_budget()
            if request.last_attempt:
                _read_one_by_one(reading)
            else:
                deque(reading.pages(reading.unread), maxlen=0)
        except Refused as error:
            _fail(reading, error)
        finally:
            services.on_usage(reading.ledger.usage())
            reading.kept.flush()
        return len(reading.unread)


def give_up(request: Request, chunk: Chunk, services: Services, deadline: Deadline) -> int:
    """Keep what nobody could read of a chunk, not even at the last attempt, as failed; how many pages that is."""
    with reading_of(request, services, deadline) as reading:
        reading.open(chunk.places(), closing=True)
        _fail(reading, _STOPPED)
        reading.kept.flush()
        return len(reading.unread)


def merge(request: Request, services: Services, deadline: Deadline) -> Outcome:
    """Put the kept pages together into the result: the ordinary story, with nothing left to read."""
    return read_upload(msgspec.structs.replace(request, merging=True), services, deadline)


def _read_one_by_one(reading: Reading) -> None:
    """The page that stops its function each time must not take those after it along."""
    for place in reading.unread:
        with reading.kept.marking_in_progress(
            place, PageOutcome(failed_page(reading.numbers[place - 1], None, _STOPPED))
        ):
            deque(reading.pages([place]), maxlen=0)
            reading.kept.flush()


def _fail(reading: Reading, error: FolioError) -> None:
    for place in reading.unread:
        reading.kept.keep(place, PageOutcome(failed_page(reading.numbers[place - 1], None, error)))
