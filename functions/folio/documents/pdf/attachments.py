"""Documents attached to a PDF: in its table of names, where a portfolio has all of them, and pinned to its pages."""

import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from folio.documents.pdf.reader import open_pdf
from folio.errors import BadOption, DamagedDocument, FolioError, PasswordProtected, TooLarge, at_field

if TYPE_CHECKING:
    from pypdf import PdfReader

_MAX_NAMED = 20  # in a message
_MAX_NODES = 10_000  # of the table of names, and annotations
_MAX_SHOWN = 80  # characters of a name
_STEP_BYTES = 1_000_000


class Attachment(Struct, frozen=True):
    """An attached file: what it is called, first as viewers show it, and its stream."""

    names: tuple[str, ...]
    stream: Any


def attachments(reader: "PdfReader") -> list[Attachment]:
    """Return what is attached to a document, in the order of its table of names and then of its pages."""
    by_stream: dict[int, Attachment] = {}
    for name, specification in islice((*_named(reader), *_pinned(reader)), _MAX_NODES):
        if attachment := _attachment(name, specification):
            by_stream.setdefault(id(attachment.stream), attachment)
    return list(by_stream.values())


def listed(names: list[str]) -> str:
    """Return names as they stand in a sentence; of many only the first."""
    rest = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    return ", ".join(map(_shown, names[:_MAX_NAMED])) + rest


def extract(path: Path, requested: str, target: Path, max_bytes: int) -> str:
    """Write the document attached to a PDF that is called `requested`, or is the one of that number (#1 is the first).

    Return its name. Raises BadOption, TooLarge, PasswordProtected, DamagedDocument.
    """
    from pypdf.errors import LimitReachedError

    try:
        reader = open_pdf(path)
        _unlock(reader)
        chosen = _chosen(attachments(reader), requested)
        _write(chosen.stream, target, max_bytes)
    except FolioError:
        raise
    except LimitReachedError as error:
        raise TooLarge("The attachment unpacks to more than is allowed.") from error
    except Exception as error:
        raise DamagedDocument("What is attached to the document cannot be taken out of it.") from error
    return chosen.names[0]


def _unlock(reader: "PdfReader") -> None:
    if reader.is_encrypted and not reader.decrypt(""):
        raise PasswordProtected("The document needs a password.")


def _chosen(existing: list[Attachment], requested: str) -> Attachment:
    """Return the one that is meant: by its own name before any other of its names, and by name before number."""
    names = [attachment.names[0] for attachment in existing]
    if requested not in names:
        for attachment in existing:
            if requested in attachment.names:
                return attachment
    return existing[find_attached(names, requested)]


def find_attached(names: list[str], requested: str) -> int:
    """Return the index of the name that is meant, or of the number (#1 is the first). Raises BadOption."""
    if requested in names:
        return names.index(requested)
    number = requested.removeprefix("#")
    if requested.startswith("#") and number.isascii() and number.isdigit() and 0 < int(number) <= len(names):
        return int(number) - 1
    if not names:
        raise _unknown(f"There is no attachment {_shown(requested)}; nothing is attached to the document.")
    raise _unknown(f"There is no attachment {_shown(requested)}; attached to the document are {listed(names)}.")


def _unknown(message: str) -> BadOption:
    """Return an error whose message names attachments, and of which a log says less."""
    error = at_field(BadOption(message), "attachment")
    error.logged = "There is no such attachment."
    return error


def _named(reader: "PdfReader") -> Iterator[tuple[str, Any]]:
    """Yield names and file specifications of the table of names, whose nodes may form a circle in a damaged file."""
    root: Any = reader.root_object
    waiting = [_member(_member(root, "/Names"), "/EmbeddedFiles")]
    visited: set[int] = set()
    while waiting and len(visited) < _MAX_NODES:
        node = waiting.pop(0)
        if id(node) in visited or not isinstance(node, dict):
            continue
        visited.add(id(node))
        waiting[:0] = [resolved(kid) for kid in islice(_member(node, "/Kids") or (), _MAX_NODES)]
        entries = _member(node, "/Names") or []
        yield from zip(map(_text, entries[::2]), map(resolved, entries[1::2]), strict=False)


def _pinned(reader: "PdfReader") -> Iterator[tuple[str, Any]]:
    for page in reader.pages:
        for annotation in map(resolved, _member(page, "/Annots") or ()):
            if isinstance(annotation, dict) and annotation.get("/Subtype") == "/FileAttachment":
                yield "", _member(annotation, "/FS")


def _attachment(name: str, specification: Any) -> Attachment | None:
    files = _member(specification, "/EF")
    stream = next((one for key in ("/UF", "/F") if (one := _member(files, key)) is not None), None)
    if not hasattr(stream, "get_data"):
        return None
    names = dict.fromkeys((_text(_member(specification, "/UF")), _text(_member(specification, "/F")), name))
    return Attachment(tuple(filter(None, names)) or ("?",), stream)


def _write(stream: Any, target: Path, max_bytes: int) -> None:
    """Write what a stream holds, unpacked step by step: a few bytes may hold more than any disk."""
    filters = _member(stream, "/Filter")
    names = filters if isinstance(filters, list) else [filters] if filters else []
    packed = stream._data
    plain = names == ["/FlateDecode"] and not _member(stream, "/DecodeParms")
    with target.open("wb") as file:
        for part in _inflated(packed) if plain else [stream.get_data() if names else packed]:
            if file.tell() + len(part) > max_bytes:
                raise TooLarge(f"The attachment has more than the {max_bytes} bytes allowed.")
            file.write(part)


def _inflated(packed: bytes) -> Iterator[bytes]:
    """Yield unpacked bytes; of a damaged stream those before the damage."""
    reader = zlib.decompressobj()
    try:
        while packed and not reader.eof:
            yield reader.decompress(packed, _STEP_BYTES)
            packed = reader.unconsumed_tail
    except zlib.error:
        return


def _shown(name: str) -> str:
    return repr(name if len(name) <= _MAX_SHOWN else name[:_MAX_SHOWN] + "…")


def _member(holder: Any, name: str) -> Any:
    return resolved(holder.get(name)) if isinstance(holder, dict) else None


def resolved(value: Any) -> Any:
    """Return what a reference of pypdf's points to, and any other value itself."""
    return value.get_object() if hasattr(value, "get_object") else value


def _text(value: Any) -> str:
    value = resolved(value)
    return str(value) if isinstance(value, str) else ""
