"""Outputs of a result that is there already: those that it lacks, and those that were made before it was corrected.

They are made from its pages, none of which is read again, with the corrections that lie beside it.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import get_args

import msgspec
from msgspec import Struct

from folio.config.options import Options
from folio.config.settings import Settings
from folio.errors import StoreUnavailable
from folio.models import Document, Field, Output, Page, ResultHead, Review, decode
from folio.outputs.result_json import JsonWriter
from folio.outputs.writers import Outputs
from folio.reading.document_reader import ReadContext, fetch
from folio.reading.result import output_keys
from folio.review import stored as reviews
from folio.review.apply import by_page, corrected_page, fields_on
from folio.stores.base import Conflict, SourceObject, Store
from folio.stores.beside import Etags
from folio.stores.outcomes import StoredOutcome
from folio.stores.publish import Publication
from folio.structure.document import document_pages
from folio.structure.redaction import kinds_of, redacted, redacted_correction

_ATTEMPTS = 5
_KINDS: tuple[Output, ...] = get_args(Output.__value__)


class _Pages(Struct):
    pages: list[msgspec.Raw]


class Making(Struct, frozen=True, kw_only=True):
    """What outputs are made with: the document, which `open` puts into a scratch folder, and where it lies."""

    store: Store
    source: SourceObject
    settings: Settings
    open: Callable[[Path], Document]


def add_outputs(existing: StoredOutcome, publication: Publication, context: ReadContext, folder: Path) -> None:
    """Write the outputs of `context` that a result lacks beside it, and anew those that its corrections have changed.

    Raises Refused if the document cannot be opened any more, StoreUnavailable, SourceChanged, SourceGone.
    """
    making = Making(
        store=context.services.store,
        source=context.source,
        settings=context.services.settings,
        open=lambda scratch: fetch(context, scratch),
    )
    kinds = context.options.outputs if isinstance(context.options, Options) else ()
    make_outputs(existing, publication, making, kinds, folder)


def correct_outputs(publication: Publication, context: ReadContext, folder: Path) -> None:
    """Make the outputs anew of a result that has just taken the place of a corrected one, if the corrections fit it.

    Raises what `add_outputs` does.
    """
    existing, store, key = publication.existing(), context.services.store, context.source.key
    review = reviews.load(store, key, context.scope, context.source.etag).review
    if existing and review.revision:
        reviews.forget_made(store, key, context.scope, review)
        if isinstance(context.options, Options) and (kinds := context.options.redact):
            reviews.change_texts(
                store, key, context.scope, review, lambda old, new: redacted_correction(old, new, kinds)
            )
        add_outputs(existing, publication, context, folder)


def make_outputs(
    existing: StoredOutcome, publication: Publication, making: Making, kinds: Sequence[Output], folder: Path
) -> None:
    """Write the outputs of some kinds that a result lacks, and anew those that its corrections have changed.

    Raises what `add_outputs` does.
    """
    for attempt in range(_ATTEMPTS):
        review = _review(existing, making)
        missing = _missing(existing, review, kinds)
        if not missing:
            return
        etags = publication.output_etags(missing)
        if _review(existing, making) != review:  # or these outputs could take the place of newer ones
            continue
        scratch = folder / str(attempt)
        scratch.mkdir()
        try:
            _make(existing, missing, publication, making, review, etags, scratch)
        except Conflict:  # others have replaced the result, or made outputs too
            if not (now := publication.existing()):
                break
            existing = now
            continue
        except msgspec.DecodeError as error:
            raise StoreUnavailable(
                "The result that is there cannot be used; force reads the document again."
            ) from error
        return
    raise StoreUnavailable("Others kept writing the result of this document.")


def _review(existing: StoredOutcome, making: Making) -> Review:
    return reviews.load(making.store, making.source.key, existing.scope, making.source.etag).review


def _missing(existing: StoredOutcome, review: Review, kinds: Sequence[Output]) -> list[Output]:
    """Return the kinds that the result has no file of, though it might have, or an older one than its corrections."""
    corrected = review.revision > 0
    outdated = {kind for kind in existing.outputs if corrected and review.outputs.get(kind) != review.revision}
    requested = outdated | {kind for kind in kinds if kind not in existing.outputs}
    return [kind for kind in _KINDS if kind in requested]


def _make(
    existing: StoredOutcome,
    kinds: list[Output],
    publication: Publication,
    making: Making,
    review: Review,
    etags: Etags,
    folder: Path,
) -> None:
    data = existing.stored.data
    head = decode(data, ResultHead)
    redacts = head.redacted is not None
    outputs = Outputs(kinds, making.open(folder), folder, making.settings, redacts=redacts)
    raw = decode(data, _Pages).pages
    with JsonWriter(folder) as json:
        for page in document_pages(decode(bytes(one), Page) for one in raw):
            json.add(page)
        _write_corrected((decode(bytes(one), Page) for one in raw), head, review, outputs)
        files, warnings = outputs.finish()
        new = tuple(warning for warning in warnings if warning not in head.warnings)
        if files or new:  # or the document has no such forms, which the result says
            names = head.outputs | output_keys(making.store, making.source, files, existing.scope)
            content = json.finish(msgspec.structs.replace(head, outputs=names, warnings=(*head.warnings, *new)))
            if "index" in head.outputs:  # the pages lie elsewhere in it now
                etags = etags | publication.output_etags(["index"])
                files["index"] = json.index
            publication.extend(existing, content, files, etags)
    if review.revision:
        reviews.mark_made(making.store, making.source.key, existing.scope, review, kinds)


def _write_corrected(pages: Iterable[Page], head: ResultHead, review: Review, outputs: Outputs) -> None:
    edits, kinds = by_page(review), kinds_of(head.redacted)
    held: dict[int, Sequence[Field]] = {}  # fields of the pages that are held, by the numbers of these

    def corrected() -> Iterable[Page]:
        for page in pages:
            held[page.number] = fields_on(page, head.fields, review)
            if page.number not in edits:
                yield page
                continue
            new = corrected_page(page, edits[page.number], head.fields)
            # Corrected words may make a number together that could not be told for one before.
            new, held[page.number] = redacted(new, held[page.number], kinds)
            yield new

    for page in document_pages(corrected()):
        outputs.add(page, held.pop(page.number))
