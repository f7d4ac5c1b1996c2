"""What results and error reports that lie beside a source say of the readings they are of."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from folio import keys
from folio.models import decode
from folio.stores.base import Store, Stored


class _Source(Struct):
    etag: str


class _Engine(Struct):
    settings: str


class _Outcome(Struct):
    """The part of a result or an error that says which reading it is of.

    `settings` is the fingerprint: a result has it in its engine, an error at the top.
    """

    source: _Source
    engine: _Engine | None = None
    settings: str | None = None
    outputs: dict[str, str] = {}


class _Page(Struct):
    number: int
    status: str = "ok"


class _Pages(Struct):
    pages: list[_Page] = []


class StoredOutcome(Struct, frozen=True):
    """A result, or an error report, as it was found: its key, and the reading it is of.

    `scope` is the part a result is of, empty for the whole document; `etag` is the source's and `settings` the
    fingerprint, None for what is no outcome or a damaged one.
    """

    key: str
    scope: str
    stored: Stored
    etag: str | None
    settings: str | None
    outputs: tuple[str, ...]


def find(store: Store, key: str, scope: str = "") -> StoredOutcome | None:
    """Return the outcome under a key, or None if there is no file."""
    stored = store.read(key)
    if stored is None:
        return None
    try:
        outcome = decode(stored.data, _Outcome)
    except msgspec.DecodeError:  # a file of somebody else's, or a damaged one
        return StoredOutcome(key, scope, stored, None, None, ())
    settings = outcome.engine.settings if outcome.engine else outcome.settings
    outputs = tuple(kind for kind in outcome.outputs if keys.is_output(kind))
    return StoredOutcome(key, scope, stored, outcome.source.etag, settings, outputs)


def find_parts(store: Store, key: str) -> Iterator[StoredOutcome]:
    """Yield the results of parts of a document, not what else somebody put there under such a name."""
    for name in store.list(keys.parts(key)):
        scope = keys.part_of(key, name)
        if scope and (outcome := find(store, name, scope)) and outcome.etag is not None:
            yield outcome


def good_pages(result: bytes) -> set[int]:
    """Return the numbers of the pages of a result that were read."""
    return {page.number for page in decode(result, _Pages).pages if page.status == "ok"}
