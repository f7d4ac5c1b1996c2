"""A PDF written anew as PDF/A-2b: pages that keep its rules as they are, the others as pictures with their text."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from folio.config.settings import Settings
from folio.documents.pdf.objects import PdfFile
from folio.documents.pdf.reader import open_pdf
from folio.errors import FolioError
from folio.models import Page
from folio.outputs.pdf.page_objects import dictionary, frame_of, is_signed
from folio.outputs.pdf.pdfa.annotations import archived_annotations
from folio.outputs.pdf.pdfa.copying import ObjectCopier
from folio.outputs.pdf.pdfa.drawing import DrawnPages
from folio.outputs.pdf.pdfa.metadata import put_metadata, put_output_intent
from folio.outputs.pdf.pdfa.refusal import Forbidden, get, key_of
from folio.outputs.pdf.pdfa.rules import PageRules

if TYPE_CHECKING:
    from pypdf import PdfReader

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_KEPT = ("/Rotate", "/UserUnit", "/Group")  # entries of a page
_DEFAULT_SPACES = ("/DefaultGray", "/DefaultRGB")


class TooManyDrawn(Exception):
    """More pages than may be drawn cannot stay as they are."""


class Archive:
    """The new file, page by page. Its methods raise TooManyDrawn and whatever pypdf does."""

    def __init__(
        self, source: Path, target: Path, pages: int, settings: Settings, *, readable: bool, max_drawn: int
    ) -> None:
        """`readable`: whether objects can be taken from the source; otherwise all its pages are drawn."""
        self._max_drawn = max_drawn
        self._handle: BinaryIO = source.open("rb")
        self._reader: PdfReader | None = open_pdf(self._handle) if readable else None
        self._file = PdfFile.new(target)
        self._copier = ObjectCopier(self._file)
        self._drawings = DrawnPages(source, pages, self._file, target.parent, settings)
        self._rules = PageRules(hidden_layers=self._reader is not None and _hides_layers(self._reader))
        self._renewed = self._reader is not None and _renews_forms(self._reader)
        self._tree = self._file.reserve()
        self._kids = [self._file.reserve() for _ in range(pages)]
        self._drawn: dict[str, list[int]] = {}
        self._empty: list[int] = []
        if self._reader:
            for kid, page in zip(self._kids, self._reader.pages, strict=True):
                if (key := key_of(page.indirect_reference)) is not None:
                    self._copier.pages.setdefault(key, kid)

    def add(self, number: int, page: Page | None) -> None:
        """Add the next page of the source; `page` is what was read of it."""
        try:
            body = self._kept(number)
        except Forbidden as reason:
            body = self._picture(number, page, str(reason))
        self._file.put(b"<</Type/Page/Parent %d 0 R%s>>" % (self._tree, body), self._kids[number - 1])
        if self._reader:
            self._reader.resolved_objects.clear()  # pypdf keeps whatever it has read

    def _kept(self, number: int) -> bytes:
        """Copy what a page has, and return the entries of its dictionary. Raises Forbidden."""
        if not self._reader:
            raise Forbidden("the document is damaged")
        page = self._reader.pages[number - 1]
        frame = frame_of(page)
        used = self._rules.check_page(page, (frame.right - frame.left, frame.top - frame.bottom))
        annotations = archived_annotations(page, self._rules, renewed=self._renewed)
        entries = [b"/MediaBox[%s]" % b" ".join(b"%.4f" % side for side in frame.box)]
        entries += [name.encode() + b" " + self._copier.copied(page.raw_get(name)) for name in _KEPT if name in page]
        entries.append(b"/Resources " + self._copier.copied(_resources(page, used)))
        if "/Contents" in page:
            entries.append(b"/Contents " + self._copier.copied(page.raw_get("/Contents")))
        if annotations:
            entries.append(b"/Annots[%s]" % b" ".join(self._copier.copied(each) for each in annotations))
        return b"".join(entries)

    def _picture(self, number: int, page: Page | None, reason: str) -> bytes:
        self._drawn.setdefault(reason, []).append(number)
        if sum(map(len, self._drawn.values())) > self._max_drawn:
            raise TooManyDrawn
        try:
            return self._drawings.page(number, page)
        except FolioError:
            self._empty.append(number)
            return self._drawings.blank(number)

    def finish(self, sha256: str) -> None:
        """Write what belongs to the whole document, and close the file. `sha256` of the source is its identity."""
        self._drawings.finish()
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        self._file.put(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self._kids), kids), self._tree)
        information: dict[str, Any] = dict(self._reader.metadata or {}) if self._reader else {}
        metadata, intent = put_metadata(self._file, information), put_output_intent(self._file)
        catalog = b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/OutputIntents[%d 0 R]%s>>"
        root = self._file.put(catalog % (self._tree, metadata, intent, b"".join(self._navigation())))
        identity = b"<%s>" % sha256[:32].encode()
        self._file.finish({"Root": b"%d 0 R" % root, "ID": b"[%s%s]" % (identity, identity)})

    def _navigation(self) -> Iterator[bytes]:
        """Yield the catalog's entries for bookmarks, the names of their targets, numbers of pages, and the language."""
        catalog = self._reader.root_object if self._reader else {}
        for name in ("/Outlines", "/Dests", "/PageLabels"):
            if isinstance(get(catalog, name), dict):
                yield from self._copied(name, catalog)
        if isinstance(get(get(catalog, "/Names"), "/Dests"), dict):
            for entry in self._copied("/Dests", dictionary(catalog, "/Names")):
                yield b"/Names<<%s>>" % entry
        language = get(catalog, "/Lang")
        if isinstance(language, str) and _LANGUAGE.fullmatch(language):
            yield b"/Lang(%s)" % language.encode()

    def _copied(self, name: str, holder: Any) -> Iterator[bytes]:
        try:
            yield name.encode() + b" " + self._copier.copied(holder.raw_get(name))
        except Forbidden:
            return

    def close(self) -> None:
        self._handle.close()
        self._file.close()

    def warnings(self) -> list[str]:
        """Return which pages are pictures and why, and what of the document is not in the file; before it is closed."""
        warnings = [
            f"{_named(numbers)} of the PDF/A {'is a picture' if len(numbers) == 1 else 'are pictures'} with the text"
            f" behind: {reason}."
            for reason, numbers in self._drawn.items()
        ]
        if self._empty:
            warnings.append(f"{_named(self._empty)} of the PDF/A cannot be drawn and shows nothing.")
        if missing := list(_missing(self._reader.root_object)) if self._reader else []:
            warnings.append(f"The PDF/A is without the document's {', '.join(missing)}.")
        return warnings


def _resources(page: Any, used: dict[str, set[str]]) -> Any:
    """Return the resources that the content names, and the color spaces that stand for others."""
    from pypdf.generic import DictionaryObject, NameObject

    copy = DictionaryObject()
    for kind, names in used.items():
        existing = dictionary(dictionary(page, "/Resources"), kind)
        searched = [*sorted(names), *(_DEFAULT_SPACES if kind == "/ColorSpace" else ())]
        chosen = {NameObject(name): existing.raw_get(name) for name in searched if name in existing}
        if chosen:
            copy[NameObject(kind)] = DictionaryObject(chosen)
    return copy


def _hides_layers(reader: "PdfReader") -> bool:
    """Return whether optional content may be there that a reader does not see at first."""
    state = get(get(reader.root_object, "/OCProperties"), "/D")
    return bool(get(state, "/OFF")) or get(state, "/BaseState") not in (None, "/ON") or bool(get(state, "/AS"))


def _renews_forms(reader: "PdfReader") -> bool:
    needed = get(dictionary(reader.root_object, "/AcroForm"), "/NeedAppearances")
    return bool(needed is not None and needed.value)


def _missing(catalog: Any) -> Iterator[str]:
    names, action = dictionary(catalog, "/Names"), get(catalog, "/OpenAction")
    if get(names, "/EmbeddedFiles") is not None:
        yield "attachments"
    if get(names, "/JavaScript") is not None or get(action, "/S") == "/JavaScript" or "/AA" in catalog:
        yield "scripts"
    if dictionary(catalog, "/AcroForm"):
        yield "form (what is filled in is drawn)"
    if is_signed(catalog):
        yield "signature"
    if get(catalog, "/StructTreeRoot") is not None:
        yield "tags"


def _named(numbers: list[int]) -> str:
    """Return pages as the start of a sentence, runs of them as such."""
    if len(numbers) == 1:
        return f"Page {numbers[0]}"
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "Pages " + ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
