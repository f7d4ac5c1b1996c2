"""A page with nothing on it but its text, or all but that: PDFs of one page, to be drawn and compared with the page.

What lies over text or under it is left out: filled and stroked paths, shadings and pictures, in the page's content, in
its forms and in the appearances of its annotations. What is missing on the page itself but drawn here is covered there.
Where the page looks the same without its text, nobody sees that text.
"""

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from folio.documents.pdf.reader import open_pdf

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject

_MAX_CONTENT_BYTES = 4_000_000  # of a page and its forms; a dense page has 50,000
_MAX_FORMS, _MAX_DEPTH = 500, 8

# Strings may hold what looks like an operator, one level of brackets included; inline pictures hold anything.
_TOKEN = re.compile(
    rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)"
    rb"|%[^\r\n]*"
    rb"|(?<![^\s\])>])BI\s.*?\sEI(?![^\s])"
    rb"|/(?P<name>[^\s()<>\[\]{}/%]*)\s+Do(?![^\s\[(</%])"
    rb"|(?<![^\s\])>])(?P<paint>[fF]\*?|[bB]\*?|[sS])(?![^\s\[(</%])"
    rb"|(?<![^\s\])>])(?P<show>T[jJ]|['\"])(?![^\s\[(</%])"
    rb"|/[^\s()<>\[\]{}/%]+\s+sh(?![^\s\[(</%])",
    re.DOTALL,
)


class TextOnly:
    """The pages of one document, without what is not text or without their text. Serves several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()  # pypdf's reader is not made for several
        self._reader: PdfReader | None = None

    def write(self, number: int, target: Path, *, inverse: bool = False) -> bool:
        """Write page `number` without what is not text as a PDF of its own; return whether it could be made.

        With `inverse`, all but its text is written.
        """
        try:
            with self._lock:
                self._write(number, target, _Stripper(inverse=inverse))
        except Exception:  # noqa: BLE001 (pypdf raises whatever error came first in a damaged file)
            return False
        return True

    def _write(self, number: int, target: Path, strip: "_Stripper") -> None:
        from pypdf import PdfWriter
        from pypdf.generic import DictionaryObject, NameObject

        if self._reader is None:
            self._reader = open_pdf(self._path)
        page = self._reader.pages[number - 1]
        bare = DictionaryObject({NameObject("/Type"): NameObject("/Page")})
        for key in ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit"):
            if (value := page.get(key)) is not None:
                bare[NameObject(key)] = value
        resources = page.get("/Resources")
        contents = page.get_contents()
        data = contents.get_data() if contents is not None else b""
        bare.update(strip.content(data, resources.get_object() if resources is not None else DictionaryObject(), 0))
        bare[NameObject("/Annots")] = strip.annotations(page.get("/Annots"))
        writer = PdfWriter()
        writer.add_page(_as_page(bare))
        writer.write(target)


def _as_page(entries: "DictionaryObject") -> Any:
    from pypdf import PageObject

    page = PageObject()
    page.update(entries)
    return page


class _Stripper:
    """Takes what is not text out of contents, or the text; raises ValueError where there is too much of it."""

    def __init__(self, *, inverse: bool) -> None:
        self._inverse = inverse
        self._bytes = 0
        self._forms = 0

    def content(self, data: bytes, resources: "DictionaryObject", depth: int) -> dict[Any, Any]:
        """Return the entries /Contents and /Resources of a page."""
        from pypdf.generic import NameObject, StreamObject

        stream = StreamObject()
        stripped, remainder = self._stripped(data, resources, depth)
        stream.set_data(stripped)
        return {NameObject("/Contents"): stream, NameObject("/Resources"): remainder}

    def annotations(self, existing: Any) -> Any:
        """Return the annotations that have an appearance, with the text of it alone."""
        from pypdf.generic import ArrayObject, DictionaryObject, NameObject

        remainder = ArrayObject()
        for one in existing.get_object() if existing is not None else ():
            annotation = one.get_object()
            form = _appearance(annotation)
            if form is None:
                continue
            bare = DictionaryObject({key: annotation[key] for key in ("/Subtype", "/Rect", "/F") if key in annotation})
            bare[NameObject("/Type")] = NameObject("/Annot")
            bare[NameObject("/AP")] = DictionaryObject({NameObject("/N"): self._form(form, 1)})
            remainder.append(bare)
        return remainder

    def _stripped(self, data: bytes, resources: "DictionaryObject", depth: int) -> tuple[bytes, "DictionaryObject"]:
        from pypdf.generic import DictionaryObject, NameObject

        self._bytes += len(data)
        if self._bytes > _MAX_CONTENT_BYTES or depth > _MAX_DEPTH:
            raise ValueError("too much content")
        existing = resources.get("/XObject")
        objects = existing.get_object() if existing is not None else {}
        forms: dict[str, Any] = {}

        def change(match: re.Match[bytes]) -> bytes:
            text = match[0]
            if match["show"] is not None:
                return b"Tx" if self._inverse else text  # which no viewer knows: it is passed over with its operands
            if self._inverse and match["name"] is None:
                return text
            if match["paint"] is not None:
                return b"n"
            if match["name"] is not None:
                name = "/" + match["name"].decode("latin-1")
                return text if self._keep_form(name, objects, forms, depth) else b""
            return b"" if text.endswith((b"sh", b"EI")) and text[:1] not in b"(%" else text

        stripped = _TOKEN.sub(change, data)
        if self._inverse:
            stripped = b"BX " + stripped  # from here on nobody complains of operators that are not known
        remainder = DictionaryObject(resources)
        remainder[NameObject("/XObject")] = DictionaryObject({NameObject(name): form for name, form in forms.items()})
        return stripped, remainder

    def _keep_form(self, name: str, objects: Any, forms: dict[str, Any], depth: int) -> bool:
        if name in forms:
            return True
        form = objects.get(name)
        form = form.get_object() if form is not None else None
        if form is None or form.get("/Subtype") != "/Form":
            if form is not None and self._inverse:
                forms[name] = objects.raw_get(name)
            return name in forms
        forms[name] = self._form(form, depth + 1)
        return True

    def _form(self, form: Any, depth: int) -> Any:
        from pypdf.generic import DictionaryObject, NameObject, StreamObject

        self._forms += 1
        if self._forms > _MAX_FORMS:
            raise ValueError("too many forms")
        resources = form.get("/Resources")
        existing = resources.get_object() if resources is not None else DictionaryObject()
        data, remainder = self._stripped(form.get_data(), existing, depth)
        stream = StreamObject()
        stream.update({key: form[key] for key in ("/Type", "/Subtype", "/BBox", "/Matrix") if key in form})
        stream[NameObject("/Resources")] = remainder
        stream.set_data(data)
        return stream


def _appearance(annotation: Any) -> Any:
    """Return the form that shows an annotation, or None."""
    appearances = annotation.get("/AP")
    normal = appearances.get_object().get("/N") if appearances is not None else None
    form = normal.get_object() if normal is not None else None
    if form is not None and not hasattr(form, "get_data"):  # one for each state, as a check box has
        form = form.get(annotation.get("/AS", "/Off"))
        form = form.get_object() if form is not None else None
    return form
