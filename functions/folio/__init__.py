"""Folio reads documents: a PDF or a picture becomes text with its boxes.

    import folio

    document = folio.read("scan.pdf", languages="chi_sim")
    print(document.text)

docs/python.md tells more. Nothing slow is imported before something is read.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from folio import errors
    from folio.errors import FolioError
    from folio.library.chunks import Chunk
    from folio.library.client import Client
    from folio.library.document import Document
    from folio.library.read import read
    from folio.models import Field, Line, Page, Result, Table, Word
    from folio.version import __version__

__all__ = [
    "Chunk",
    "Client",
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

_HOMES = {
    "Chunk": "folio.library.chunks",
    "Client": "folio.library.client",
    "Document": "folio.library.document",
    "FolioError": "folio.errors",
    "__version__": "folio.version",
    "read": "folio.library.read",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: each of our processes imports this package, and most need nothing of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "errors":
        return import_module("folio.errors")
    return getattr(import_module(_HOMES.get(name, "folio.models")), name)
