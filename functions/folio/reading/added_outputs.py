"""Outputs that are asked of a result that is there already: made from its pages, none of which is read again."""

from pathlib import Path

import msgspec
from msgspec import Struct

from folio.config.options import Options
from folio.errors import StoreUnavailable
from folio.models import Output, Page, ResultHead, decode
from folio.outputs.result_json import JsonWriter
from folio.outputs.writers import Outputs
from folio.reading.document_reader import ReadContext, fetch
from folio.reading.result import output_keys
from folio.stores.base import Conflict
from folio.stores.outcomes import StoredOutcome
from folio.stores.publish import Publication
from folio.structure.document import document_pages

_ATTEMPTS = 5


class _Pages(Struct):
    pages: list[msgspec.Raw]


def add_outputs(existing: StoredOutcome, publication: Publication, context: ReadContext, folder: Path) -> None:
    """Write the outputs of `context` that a result lacks beside it, and their names into it.

    Raises Refused if the document cannot be opened any more, StoreUnavailable, SourceChanged, SourceGone.
    """
    for attempt in range(_ATTEMPTS):
        missing = _missing(existing, context)
        if not missing:
            return
        scratch = folder / str(attempt)
        scratch.mkdir()
        try:
            _add(existing, missing, publication, context, scratch)
        except Conflict:  # others have replaced the result, or added outputs too
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


def _missing(existing: StoredOutcome, context: ReadContext) -> list[Output]:
    """Return the kinds that the result has no file of, though it might have."""
    options = context.options
    return [kind for kind in options.outputs if kind not in existing.outputs] if isinstance(options, Options) else []


def _add(
    existing: StoredOutcome, kinds: list[Output], publication: Publication, context: ReadContext, folder: Path
) -> None:
    data = existing.stored.data
    head = decode(data, ResultHead)
    outputs = Outputs(kinds, fetch(context, folder), folder, context.services.settings)
    with JsonWriter(folder) as json:
        for page in document_pages(decode(bytes(raw), Page) for raw in decode(data, _Pages).pages):
            json.add(page)
            outputs.add(page, [field for field in head.fields if field.page == page.number])
        files, warnings = outputs.finish()
        new = tuple(warning for warning in warnings if warning not in head.warnings)
        if not files and not new:  # the document has no such forms, which the result says
            return
        names = head.outputs | output_keys(context.services.store, context.source, files, existing.scope)
        content = json.finish(msgspec.structs.replace(head, outputs=names, warnings=(*head.warnings, *new)))
        if "index" in head.outputs:  # the pages lie elsewhere in it now
            files["index"] = json.index
        publication.extend(existing, content, files)
