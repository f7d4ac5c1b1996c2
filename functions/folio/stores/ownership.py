"""Whether a file is Folio's own, told by its name and by what lies beside it."""

from folio import keys
from folio.errors import SourceGone
from folio.stores.base import Store


def is_ours(store: Store, key: str) -> bool:
    """Return whether Folio wrote a key: of a PDF, whether its document or its result is there too.

    Somebody may have documents of their own in a folder `….ocr/`. Raises what the store's methods do.
    """
    if not keys.is_ours(key):
        return False
    source = keys.source_of_pdf(key)
    if source is None or store.locate(key)[1] != key:  # with results elsewhere, nothing of theirs lies beside them
        return True
    return _is_there(store, source) or any(store.etag(result) for result in _results(key, source))


def _results(key: str, source: str) -> tuple[str, str]:
    part = key
    for kind in keys.PDFS:
        part = part.removesuffix(f".{keys.OUTPUTS[kind]}")
    return keys.result_key(source), f"{part}.json"


def _is_there(store: Store, source: str) -> bool:
    try:
        store.head(source)
    except SourceGone:
        return False
    return True
