"""XML from strangers: nothing that it points to is fetched, and no entities but XML's own are taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from folio.errors import DamagedDocument

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def parse(data: bytes) -> "Element":
    """Return the root of a small document. Raises DamagedDocument."""
    from defusedxml import ElementTree

    with _translated():
        return ElementTree.fromstring(data)


def stream(file: IO[bytes], parent: str) -> Iterator["Element"]:
    """Yield the children of each element called `parent`, whole, and forget them: documents are long.

    Elements of that name within a child are part of it. Raises DamagedDocument.
    """
    from defusedxml import ElementTree

    depth, inside = 0, 0
    with _translated():
        for event, element in ElementTree.iterparse(file, events=("start", "end")):
            if event == "start":
                depth += 1
                if not inside and element.tag == parent:
                    inside, container = depth, element
                continue
            depth -= 1
            if inside and depth == inside:
                yield element
                container.clear()
            elif inside and depth < inside:
                inside = 0


@contextmanager
def _translated() -> Iterator[None]:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException

    try:
        yield
    except DefusedXmlException as error:
        raise DamagedDocument(
            "The document has XML that refers to other files or to itself, which is refused."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise DamagedDocument("The document is damaged: its XML cannot be read.") from error


def local(element: "Element") -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: "Element", name: str, default: str = "") -> str:
    """Return an attribute by its name without namespace, whichever that is."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return default
