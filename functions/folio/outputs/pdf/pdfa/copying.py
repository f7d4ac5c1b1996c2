"""Objects of a PDF written into another, each once, without what PDF/A forbids and no viewer needs to show them.

Strings are written in hexadecimal, names as pypdf reads them, in UTF-8 (ISO 19005-2, 6.1.6 and 6.1.8).
"""

from collections.abc import Callable
from typing import Any

from folio.documents.pdf.deflate import is_whole
from folio.documents.pdf.objects import PdfFile
from folio.outputs.pdf.page_objects import written
from folio.outputs.pdf.pdfa.refusal import Forbidden, array, get, key_of

_OF_STREAMS = ("/Length", "/DL", "/FFilter", "/FDecodeParms")
_OF_DRAWINGS = ("/Alternates", "/OPI", "/Ref", "/PieceInfo", "/LastModified", "/StructParent", "/StructParents")
_OF_FONTS = ("/CIDSet", "/CharSet")  # nobody needs them, and they have to be whole
_RECODED = ("/LZWDecode", "/LZW", "/Crypt")
_PAGES = ("/Page", "/Pages", "/Catalog")
_MAX_DEPTH = 64  # of arrays and dictionaries in one another


class ObjectCopier:
    """Copies what pages refer to. `pages` has the numbers of pages in the new file; others are left out."""

    def __init__(self, file: PdfFile) -> None:
        self.pages: dict[tuple[int, int], int] = {}
        self._file = file
        self._numbers: dict[tuple[int, int], int] = {}
        self._waiting: list[tuple[int, Any]] = []

    def copied(self, value: Any) -> bytes:
        """Return an object as it stands in the new file, and write all that it refers to. Raises Forbidden."""
        known = len(self._numbers)
        try:
            body = self._written(value, 0)
            while self._waiting:
                number, reference = self._waiting.pop()
                self._put(number, reference.get_object())
        except BaseException:
            self._waiting.clear()
            for key in list(self._numbers)[known:]:  # some of them were not written
                del self._numbers[key]
            raise
        return body

    def _put(self, number: int, value: Any) -> None:
        if not hasattr(value, "get_data"):
            self._file.put(self._written(value, 0), number)
            return
        if "/F" in value:
            raise Forbidden("it has parts in other files")
        filters = array(value, "/Filter") or [get(value, "/Filter")]
        if any(name in _RECODED for name in filters):
            entries = self._entries(value, 0, without=(*_OF_STREAMS, "/Filter", "/DecodeParms"))
            self._file.put_deflated(value.get_data(), entries, number)
        else:
            if filters[0] in ("/FlateDecode", "/Fl") and not is_whole(value._data):
                raise Forbidden("data in it is damaged")
            self._file.put_stream(value._data, self._entries(value, 0, without=_OF_STREAMS), number)

    def _written(self, value: Any, depth: int) -> bytes:
        if depth > _MAX_DEPTH:
            raise Forbidden("its objects lie too deep in one another")
        if (key := key_of(value)) is not None:
            return self._reference(key, value)
        if isinstance(value, dict):
            if hasattr(value, "get_data"):  # a stream where only a reference to one may stand
                raise Forbidden("its objects are damaged")
            return b"<<%s>>" % self._entries(value, depth)
        if isinstance(value, list):
            return b"[%s]" % b" ".join(self._written(item, depth + 1) for item in value)
        if (data := getattr(value, "original_bytes", None)) is not None:
            return b"<%s>" % data.hex().encode()
        return _atom(value)

    def _reference(self, key: tuple[int, int], reference: Any) -> bytes:
        if key in self.pages:
            return b"%d 0 R" % self.pages[key]
        if key not in self._numbers:
            target = reference.get_object()
            if target is None or (isinstance(target, dict) and get(target, "/Type") in _PAGES):
                return b"null"
            self._numbers[key] = self._file.reserve()
            self._waiting.append((self._numbers[key], reference))
        return b"%d 0 R" % self._numbers[key]

    def _entries(self, holder: Any, depth: int, without: tuple[str, ...] = ()) -> bytes:
        names = [name for name in holder if name not in without and not _is_left_out(holder, name)]
        parts = [_atom(name) + b" " + self._written(holder.raw_get(name), depth + 1) for name in names]
        if get(holder, "/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in holder:
            parts.append(b"/CIDToGIDMap/Identity")
        return b"".join(parts)


def _atom(value: Any) -> bytes:
    if isinstance(value, str) and "\0" in value:  # no name may hold it, in any spelling
        raise Forbidden("its objects are damaged")
    return written(value)


# Entry -> whether it goes, by what it holds: resources may have any names.
_LEFT_OUT: dict[str, Callable[[Any, Any], bool]] = {
    "/Interpolate": lambda _, value: isinstance(getattr(value, "value", None), bool),
    "/OC": lambda _, value: get(value, "/Type") in ("/OCG", "/OCMD"),
    "/Metadata": lambda _, value: get(value, "/Type") == "/Metadata",
    "/OPM": lambda _, value: isinstance(value, int),
    "/TR": lambda _, value: value in ("/Default", "/Identity"),
    "/TR2": lambda _, value: value == "/Default",
    "/HT": lambda _, value: value == "/Default" or get(value, "/HalftoneType") is not None,
    "/Intent": lambda _, value: isinstance(value, str),
    "/A": lambda holder, value: "/Title" in holder and get(value, "/S") != "/GoTo",
    "/SE": lambda holder, _: "/Title" in holder,
    **dict.fromkeys(_OF_DRAWINGS, lambda holder, _: _is_drawing(holder)),
    **dict.fromkeys(_OF_FONTS, lambda holder, _: "/FontName" in holder),
}


def _is_left_out(holder: Any, name: str) -> bool:
    rule = _LEFT_OUT.get(name)
    return rule is not None and bool(rule(holder, get(holder, name)))


def _is_drawing(holder: Any) -> bool:
    return get(holder, "/Subtype") in ("/Image", "/Form") or "/FormType" in holder
