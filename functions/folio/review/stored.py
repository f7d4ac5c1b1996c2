"""Reviews in a store: read, and added to by conditional writes, so that of two people neither loses anything."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import msgspec
from msgspec import Struct

from folio import keys
from folio.errors import ReviewChanged, StoreUnavailable, TooLarge
from folio.models import Edit, Review, decode, encode
from folio.stores.base import Conflict, Store
from folio.stores.put import put_bytes, require_job

MAX_BYTES = 4_000_000  # of a review, which the answer to a request can hold
_ATTEMPTS = 5


class StoredReview(Struct, frozen=True):
    """A review as it was found, and the etag by which exactly this one is replaced; None: there is none yet."""

    review: Review
    etag: str | None


def load(store: Store, key: str, scope: str, source: str) -> StoredReview:
    """Return the review of a result, empty if there is none, or only one of another document under this key (`source`
    is the etag of the one that was read). Raises StoreUnavailable for a file that cannot be used.
    """
    stored = store.read(keys.review_key(key, scope))
    if stored is None:
        return StoredReview(Review(source=source), None)
    try:
        review = decode(stored.data, Review)
    except msgspec.DecodeError as error:
        raise StoreUnavailable("The corrections that are there cannot be used; move the file away.") from error
    if review.source != source:  # whose revisions go on, so that no number means two things
        review = Review(source=source, revision=review.revision)
    return StoredReview(review, stored.etag)


def add(store: Store, key: str, scope: str, source: str, edits: Sequence[Edit], based_on: int) -> Review:
    """Add corrections to the review whose revision is `based_on`, and return the new one.

    Raises ReviewChanged if there is a newer one by now, TooLarge, SourceGone if it is a job's that was deleted.
    """
    existing = load(store, key, scope, source)
    if existing.review.revision != based_on:
        raise _changed(existing.review)
    review = msgspec.structs.replace(
        existing.review, revision=based_on + 1, edits=(*existing.review.edits, *edits), source=source
    )
    data = encode(review)
    if len(data) > MAX_BYTES:
        raise TooLarge(f"The corrections of this document have {len(data)} bytes, more than the {MAX_BYTES} allowed.")
    name = keys.review_key(key, scope)
    try:
        put_bytes(store, name, data, existing.etag)
    except Conflict as error:
        raise _changed(load(store, key, scope, source).review) from error
    require_job(store, key, [name])
    return review


def _changed(newer: Review) -> ReviewChanged:
    error = ReviewChanged("Somebody else has corrected this document meanwhile.")
    error.newer = newer
    return error


def mark_made(store: Store, key: str, scope: str, review: Review, kinds: Iterable[str]) -> None:
    """Note in a review from which of its revisions some outputs were made. Raises StoreUnavailable."""
    made = dict.fromkeys(kinds, review.revision)
    _note(store, key, scope, review.source, lambda outputs: outputs | made)


def forget_made(store: Store, key: str, scope: str, review: Review) -> None:
    """Note in a review that no output was made from it. Raises StoreUnavailable."""
    _note(store, key, scope, review.source, lambda _: {})


def change_texts(store: Store, key: str, scope: str, review: Review, change: Callable[[str, str], str]) -> None:
    """Write other texts into all corrections of a review: `change(read, text)` instead of either, where `read` stands
    for itself. Raises StoreUnavailable.
    """

    def changed(current: Review) -> Review:
        edits = (
            msgspec.structs.replace(
                edit, read=change("", edit.read), text=edit.text and change(change("", edit.read), edit.text)
            )
            for edit in current.edits
        )
        return msgspec.structs.replace(current, edits=tuple(edits))

    _rewrite(store, key, scope, review.source, changed)


def _note(store: Store, key: str, scope: str, source: str, change: Callable[[dict[str, int]], dict[str, int]]) -> None:
    _rewrite(store, key, scope, source, lambda review: msgspec.structs.replace(review, outputs=change(review.outputs)))


def _rewrite(store: Store, key: str, scope: str, source: str, change: Callable[[Review], Review]) -> None:
    for _ in range(_ATTEMPTS):
        existing = load(store, key, scope, source)
        review = change(existing.review)
        if existing.etag is None or review == existing.review:
            return
        with suppress(Conflict):
            put_bytes(store, keys.review_key(key, scope), encode(review), existing.etag)
            return
    raise StoreUnavailable("Others kept correcting this document.")
