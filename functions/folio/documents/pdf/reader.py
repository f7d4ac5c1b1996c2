"""How pypdf opens a PDF: forgiving, and without a word in the log, for it quotes documents."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pypdf import PdfReader


def open_pdf(source: Path | BinaryIO) -> "PdfReader":
    """Return a reader of a PDF; a path is read into memory, an open file as it is needed.

    Raises whatever error of pypdf's or Python's comes first in a damaged file; so do the reader's methods.
    """
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    return PdfReader(source, strict=False)
