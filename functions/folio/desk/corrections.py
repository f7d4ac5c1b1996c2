"""Corrections of results in a folder: made, applied to the outputs, and exported as a set for `folio bench`."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from folio import keys
from folio.documents.document import open_as_read
from folio.errors import BadOption, NotFound, SourceChanged
from folio.models import Document, Edit, Page, Result, Review, decode, encode, now
from folio.reading.added_outputs import Making, make_outputs
from folio.reading.request import Services
from folio.review import stored as reviews
from folio.review.apply import by_page, corrected_page
from folio.stores.base import Store
from folio.stores.outcomes import find
from folio.stores.publish import Publication
from folio.structure.redaction import kinds_of, redacted_correction


class Reviewed(Struct, frozen=True):
    """A result with its corrections: the document's key, and the part that was read (empty: all of it)."""

    key: str
    scope: str
    result: Result
    review: Review


def reviewed(store: Store) -> Iterator[Reviewed]:
    """Yield all results below a folder that somebody has corrected."""
    for name in store.list(""):
        if document := keys.reviewed_document(name):
            key, scope = document
            result = _result(store, key, scope)
            yield Reviewed(key, scope, result, reviews.load(store, key, scope, result.source.etag).review)


def add(store: Store, key: str, page: int, location: str, text: str, by: str) -> Review:
    """Correct one location of the result of a document. Raises NotFound if there is none, BadOption for the location,
    ReviewChanged.
    """
    result = _result(store, key, "")
    read = _text_at(result, page, location)
    existing = reviews.load(store, key, "", result.source.etag).review
    text = redacted_correction(read, text, kinds_of(result.redacted))
    edit = Edit(page=page, location=location, read=read, text=text, at=now(), by=by)
    return reviews.add(store, key, "", result.source.etag, [edit], existing.revision)


def apply(one: Reviewed, services: Services) -> None:
    """Make those outputs of a result anew that were made before it was corrected. Raises SourceChanged for a document
    that is another one by now, and what keeps it from being opened.
    """
    store, settings = services.store, services.settings
    existing = find(store, keys.result_key(one.key, one.scope), one.scope)
    if existing is None:
        return
    source = store.head(one.key)
    if existing.etag != source.etag:
        raise SourceChanged(f"{one.key!r} was replaced since it was read; read it again.")

    def opened(folder: Path) -> Document:
        local = folder / "source"
        store.fetch(source, local)
        read = one.result.source
        return open_as_read(
            local, read.attachment or "", folder, settings, settings.page_timeout, read.pages or len(one.result.pages)
        )

    making = Making(store=store, source=source, settings=settings, open=opened)
    publication = Publication(store, source, existing.settings or "", scope=one.scope)
    with tempfile.TemporaryDirectory(prefix="folio-") as name:
        make_outputs(existing, publication, making, (), Path(name))


def export(store: Store, target: Path) -> int:
    """Write documents and what they truly say into a folder, as `folio bench` reads it; return how many.

    Those of which something is to be masked stay out: the document has all of it, and the text does not say what it
    says. Raises SourceGone if a document is not there any more.
    """
    target.mkdir(parents=True, exist_ok=True)
    count = 0
    with (target / "index.jsonl").open("wb") as index:
        unmasked = (one for one in reviewed(store) if one.result.redacted is None)
        for count, one in enumerate(unmasked, 1):
            file = f"{count:04}-{Path(one.key).name}"
            with tempfile.TemporaryDirectory(prefix="folio-") as name:
                local = Path(name) / "source"
                store.fetch(store.head(one.key), local)
                shutil.copyfile(local, target / file)
            index.write(encode(_truth(one, file)) + b"\n")
    return count


def _truth(one: Reviewed, file: str) -> dict[str, object]:
    edits = by_page(one.review)
    pages = [corrected_page(page, edits.get(page.number, {}), one.result.fields) for page in one.result.pages]
    words = [
        {"box": word.bounds, "text": word.text} for page in pages[:1] for line in page.lines for word in line.words
    ]
    return {
        "file": file,
        "id": one.key,
        "lang": "+".join(one.result.engine.languages),
        "text": "\n".join(page.text for page in pages),
        "ordered": True,
        "words": words,
    }


def _result(store: Store, key: str, scope: str) -> Result:
    stored = store.read(keys.result_key(key, scope))
    if stored is None:
        raise NotFound(f"There is no result of {key!r} to correct.")
    return decode(stored.data, Result)


def _text_at(result: Result, number: int, location: str) -> str:
    try:
        kind, first, *rest = location.split("/")
        if kind == "fields":
            return next(field.value for field in result.fields[int(first) :][:1] if field.page == number)
        page: Page = next(page for page in result.pages if page.number == number)
        if kind == "tables":
            return page.tables[int(first)].cells[int(rest[1])].text
        line = page.lines[int(first)]
        return line.words[int(rest[1])].text if rest else line.text
    except (StopIteration, ValueError, IndexError) as error:
        message = f"There is no {location!r} on page {number}; say lines/0/words/2, tables/0/cells/3 or fields/1."
        raise BadOption(message) from error
