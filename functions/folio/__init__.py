"""Folio reads documents: a PDF or a picture becomes text with its boxes.

    import folio

    document = folio.read("scan.pdf", languages="chi_sim")
    print(document.text)

docs/python.md tells more. Nothing slow is imported before something is read.
"""

from folio import errors
from folio.errors import FolioError
from folio.library.document import Document
from folio.library.read import read
from folio.models import Field, Line, Page, Result, Table, Word
from folio.version import __version__

__all__ = [
    "Document",
    "Field",
    "FolioError",
    "Line",
    "Page",
    "Result",
    "Table",
    "Word",
    "__version__",
    "errors",
    "read",
]
