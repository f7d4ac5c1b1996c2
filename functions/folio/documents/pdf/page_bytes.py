"""How many bytes of a scan's file each of its pages takes, told by where its pictures begin.

Without reading the PDF: what follows from it is only which pages are read before others.
"""

import mmap
import re
from itertools import pairwise
from pathlib import Path

_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_MAX_PAGES = 100  # of more, a few are a small part of the time


def bytes_of_pages(path: Path, pages: int) -> tuple[int, ...]:
    """Return the bytes of each page of a PDF in order; none if its pages do not all have as many pictures.

    Pictures lie in the file in the order of their pages, as scanners and programs write them.
    """
    if pages > _MAX_PAGES:
        return ()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        starts = [match.start() for match in _PICTURE.finditer(data)]
        if not starts or len(starts) % pages:
            return ()
        return tuple(end - start for start, end in pairwise([*starts[:: len(starts) // pages], len(data)]))
