"""Which pages of a document are begun together: the last ones of a scan, those first that take long.

Else one that takes long may be begun last, and the other workers wait for it: of eight pages for a tenth of the time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from folio.documents.pdf.page_bytes import bytes_of_pages
from folio.models import PDF, Document


def sizes_of(document: Document, numbers: Sequence[int]) -> Mapping[int, int]:
    """Return the bytes of the pages of a scan, whose numbers are given, by indexes from 1; none of other documents."""
    is_scan = document.media_type == PDF and not document.parts
    sizes = bytes_of_pages(document.path, document.pages) if is_scan else ()
    return {index: sizes[number - 1] for index, number in enumerate(numbers, 1)} if sizes else {}


def groups(indexes: Iterable[int], sizes: Mapping[int, int], workers: int) -> Iterator[Sequence[int]]:
    """Yield indexes one by one, and the last ones, as many as are begun ahead, together, if their sizes are known."""
    order = list(indexes)
    alone = max(0, len(order) - 2 * workers - 1) if sizes else len(order)
    yield from ([index] for index in order[:alone])
    if alone < len(order):
        yield order[alone:]


def large_first(indexes: Sequence[int], sizes: Mapping[int, int]) -> Sequence[int]:
    """Return indexes in the order in which they are begun: what has more bytes takes longer, mostly."""
    return sorted(indexes, key=lambda index: -sizes.get(index, 0))
