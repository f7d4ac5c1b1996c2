"""A document that was read: its text and where it stands, and the files it can be saved as."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal, get_args
from uuid import uuid4

from folio.errors import AccessDenied, BadOption, NotAcceptable
from folio.library.chunks import Chunk
from folio.models import Document as OpenedDocument
from folio.models import Field, Line, Output, Page, Result, Table, Word, encode

if TYPE_CHECKING:
    from folio.config.settings import Settings


type Source = Path | bytes | Callable[[], bytes]


class Document:
    """What `folio.read` returns. Coordinates are in pixels of the page as a reader sees it, from its top left corner;
    confidences run from 0 to 1, and are None where the engine gives none.
    """

    def __init__(self, result: Result, source: Source, settings: "Settings") -> None:
        """`result` is what was read of `source`, a file, its content, or what gives that when it is needed."""
        self.result = result
        self._source = source
        self._settings = settings

    def __repr__(self) -> str:
        pages = len(self.pages)
        return f"<folio.Document {self.result.source.key!r}: {pages} page{'s' * (pages != 1)}, {self.status}>"

    @property
    def text(self) -> str:
        """The text of all pages."""
        return self.result.text

    @property
    def confidence(self) -> float | None:
        """Mean over the characters of all pages."""
        return self.result.confidence

    @property
    def status(self) -> Literal["complete", "partial"]:
        """`partial` if some of it could not be read: pages with `status` "failed", or that are not `is_whole`."""
        return self.result.status

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages that were read, in order; `number` counts from 1 in the source."""
        return self.result.pages

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all pages, in reading order."""
        return tuple(line for page in self.pages for line in page.lines)

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all pages, in reading order."""
        return tuple(word for line in self.lines for word in line.words)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of all pages."""
        return tuple(table for page in self.pages for table in page.tables)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of papers, which only the modes of their names and mode="auto" find."""
        return self.result.fields

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know of the reading of the whole document; pages have warnings of their own."""
        return self.result.warnings

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """The text in pieces for retrieval, each with its headings, pages and boxes."""
        import msgspec

        with tempfile.TemporaryDirectory(prefix="folio-") as name:
            made = self._made("chunks", Path(name))
            return tuple(msgspec.json.decode(line, type=Chunk) for line in made.read_bytes().splitlines())

    def save(self, path: str | os.PathLike[str], *, pdfa: bool = False) -> Path:
        """Write the document in the form that the suffix names, over a file of this name, and return its path.

        .pdf is the source with the text under its pages, to search and copy, with `pdfa` as PDF/A-2b; .json the whole
        result; .txt, .md, .html, .docx, .jsonl (chunks), .textract, .csv and .xlsx (tables), .xml (ALTO) and .hocr are
        the other forms.

        Raise BadOption for another suffix or the source itself, NotAcceptable where this document has no such form,
        AccessDenied where the file cannot be written. A PDF is made of the source: raise SourceGone or SourceChanged
        where that is no longer what was read.
        """
        target = Path(path)
        with tempfile.TemporaryDirectory(prefix="folio-") as name:
            made = self._made(self._kind(target, pdfa), Path(name))
            part = target.with_name(f".folio-{uuid4().hex}.part")
            try:  # copied first and renamed last, so that the name holds the old content or the new
                shutil.copyfile(made, part)
                part.replace(target)
            except OSError as error:
                raise AccessDenied(f"The file {str(target)!r} cannot be written ({error.strerror}).") from error
            finally:
                part.unlink(missing_ok=True)
        return target

    def _kind(self, target: Path, pdfa: bool) -> Output | None:
        """The kind of output a suffix names, None for the result itself."""
        forms = _forms()
        suffix = target.suffix.lower()
        if suffix not in forms:
            raise BadOption(f"The suffix {suffix!r} is not that of a form; choose one of {', '.join(sorted(forms))}.")
        if isinstance(self._source, Path) and target.resolve() == self._source.resolve():
            raise BadOption("The form would overwrite the document that was read; give it another name.")
        if pdfa and suffix != ".pdf":
            raise BadOption(f"A PDF/A has the suffix .pdf, not {suffix!r}.")
        return "pdfa" if pdfa else forms[suffix]

    def _made(self, kind: Output | None, folder: Path) -> Path:
        from folio.outputs.writers import Outputs
        from folio.structure.document import document_pages

        if kind is None:
            result = folder / "result.json"
            result.write_bytes(encode(self.result))
            return result
        redacts = self.result.redacted is not None
        outputs = Outputs([kind], self._opened(kind, folder), folder, self._settings, redacts=redacts)
        for page in document_pages(self.pages):
            outputs.add(page, [field for field in self.result.fields if field.page == page.number])
        files, warnings = outputs.finish()
        if kind not in files:
            raise NotAcceptable(" ".join(warnings))
        return files[kind]

    def _opened(self, kind: Output, folder: Path) -> OpenedDocument:
        """The source as it was read; only a PDF takes anything from its file."""
        source = self.result.source
        local = folder / "source"
        if kind in ("pdf", "pdfa"):
            from folio.documents.opening import kind_of

            self._fetch(local)
            if (kind_here := kind_of(local)) == "other":
                return self._unpacked(local, folder)
            if source.attachment and kind_here == "pdf":
                from folio.documents.pdf.attachments import extract

                extract(local, source.attachment, folder / "attachment", self._settings.max_bytes)
                local = folder / "attachment"
        return OpenedDocument(
            path=local,
            media_type=source.media_type or "",
            sha256=source.sha256 or "",
            bytes=source.bytes or 0,
            pages=source.pages or 0,
            sizes={},
        )

    def _unpacked(self, local: Path, folder: Path) -> OpenedDocument:
        """A source that is neither a PDF nor a picture, of which one is made."""
        from folio.documents.document import open_as_read

        source, timeout = self.result.source, self._settings.page_timeout
        pages = source.pages or len(self.pages)
        return open_as_read(local, source.attachment or "", folder, self._settings, timeout, pages)

    def _fetch(self, local: Path) -> None:
        from folio.stores.base import SourceObject
        from folio.stores.folder import FolderStore

        if not isinstance(self._source, Path):
            local.write_bytes(self._source if isinstance(self._source, bytes) else self._source())
            return
        read = self.result.source
        source = SourceObject(bucket=None, key=self._source.name, etag=read.etag, bytes=read.bytes or 0)
        FolderStore(self._source.parent).fetch(source, local)


def _forms() -> dict[str, Output | None]:
    """Suffix -> kind of output: that of the file beside a source, and others where two have the same."""
    from folio import keys

    kinds: tuple[Output, ...] = get_args(Output.__value__)
    suffixes: dict[str, Output | None] = {PurePath(keys.OUTPUTS[kind]).suffix: kind for kind in kinds}
    return suffixes | {".json": None, ".pdf": "pdf", ".hocr": "hocr", ".html": "html", ".textract": "textract"}
