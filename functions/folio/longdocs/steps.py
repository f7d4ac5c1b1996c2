"""The steps of a long document: split, then recognize for each chunk, then merge.

Each may be repeated, and the same chunk may be recognized twice at a time: pages that are saved are not read again, and
what two of them save is the same. All raise Superseded, Unavailable and Misconfigured.
"""

import msgspec

from folio.deadline import Deadline
from folio.errors import EngineFailed, Refused
from folio.longdocs.chunks import Chunk, plan
from folio.reading.pipeline import read_upload, reading_of
from folio.reading.request import Outcome, Request, Services

_STOPPED = EngineFailed("Reading this page was given up: whatever read it was stopped each time.")


def split(request: Request, services: Services, deadline: Deadline, *, anew: bool = False) -> list[Chunk]:
    """Return the chunks still to be recognized; `anew`: with the pages whose reader was stopped the last time.

    Raises Refused for options that nobody can serve.
    """
    with reading_of(request, services, deadline) as reading:
        if anew:
            reading.checkpoint.retry_crashed()
        return plan(reading.unread, services.settings.split_chunk, reading.remaining_calls())


def recognize(request: Request, chunk: Chunk, services: Services, deadline: Deadline) -> int:
    """Read and save the pages of a chunk; return how many were unread.

    Before the `last_attempt` it raises what may pass; at the last one, pages that fail so are saved as failed.
    """
    with reading_of(request, services, deadline, chunk.indexes(), closing=request.last_attempt) as reading:
        reading.limit_calls(chunk.indexes(), chunk.calls)
        try:
            reading.check_budget()
            if request.last_attempt:
                reading.read_unread_singly(_STOPPED)
            else:
                reading.read_unread()
        except Refused as error:
            reading.fail_unread(error)
        finally:
            reading.report_usage()
            reading.checkpoint.flush()
        return len(reading.unread)


def give_up(request: Request, chunk: Chunk, services: Services, deadline: Deadline) -> int:
    """Save what nobody could read of a chunk, not even at the last attempt, as failed; return how many pages."""
    with reading_of(request, services, deadline, chunk.indexes(), closing=True) as reading:
        reading.fail_unread(_STOPPED)
        reading.checkpoint.flush()
        return len(reading.unread)


def merge(request: Request, services: Services, deadline: Deadline) -> Outcome:
    """Put the saved pages together into the result: the ordinary pipeline, with nothing left to read."""
    return read_upload(msgspec.structs.replace(request, merging=True), services, deadline)
