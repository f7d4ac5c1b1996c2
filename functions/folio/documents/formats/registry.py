"""All formats that are neither PDFs nor pictures, in the order in which a file is asked whether it is one."""

from functools import cache
from importlib import import_module
from pathlib import Path

from folio.documents.formats.base import Contents, Format, Limits, Start
from folio.documents.formats.unread import refuse_unread
from folio.errors import DamagedDocument, FolioError, TooLarge, UnsupportedType

# Modules of this folder, each with a FORMAT; what is a ZIP comes before ZIP itself, and text last: much else is text.
_MODULES = ("ofd.reader", "docx", "xlsx", "pptx", "odf", "epub", "zips", "msg", "djvu", "html", "eml", "text")


@cache
def formats() -> tuple[Format, ...]:
    """Return all formats; their modules are imported only when one of them is asked for."""
    return tuple(import_module(f"folio.documents.formats.{name}").FORMAT for name in _MODULES)


def find_format(path: Path) -> Format | None:
    """Return the format of a file, told by its content; None for none of them."""
    start = Start(path)
    return next((one for one in formats() if one.is_one(start)), None)


def unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    """Take a file apart into a folder. Raises UnsupportedType, and another Refused that says why it cannot be read."""
    refuse_unread(Start(path))
    if (known := find_format(path)) is None:
        raise UnsupportedType("This is not a type of document that Folio reads.")
    folder.mkdir(exist_ok=True)
    try:
        return known.unpack(path, folder, limits)
    except FolioError:
        raise
    except RecursionError as error:
        raise DamagedDocument("The parts of the document lie within each other without end.") from error
    except MemoryError as error:
        raise TooLarge("The document does not fit into memory.") from error
    except OSError:
        raise
    except Exception as error:
        # Whoever makes a document by hand finds another way to be wrong than those that each format knows.
        raise DamagedDocument(f"The document is damaged: it is no {known.name} that can be read.") from error
