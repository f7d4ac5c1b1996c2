"""The published result, what it is made of on the way, and their one codec."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from folio.models.content import Block, Code, Confidence, Field, Line, Seal, Table
from folio.models.document import Problem
from folio.transform import Polygon

SCHEMA = "folio/1"

type Mode = Literal[
    "general", "accurate", "handwriting", "table", "id_card", "bank_card", "invoice", "receipt", "train_ticket",
    "business_license", "form", "auto",
]  # fmt: skip
type Output = Literal[
    "text", "hocr", "alto", "markdown", "html", "docx", "chunks", "textract", "csv", "xlsx",
    "pdf", "pdfa",
]  # fmt: skip
type Preparation = Literal["classical", "neural"]  # for which kind of engine a page image is prepared

type Moment = Annotated[datetime, Meta(tz=True)]


class UnknownLetters(Struct, frozen=True):
    """That an engine does not know all letters of the language of a page, or of some of its lines (not `is_most`).

    `code` is Tesseract's name of the language, or ISO 639's where it has no data; both are None if it was not told.
    """

    code: str | None
    name: str | None
    is_most: bool


class PageText(Struct, frozen=True):
    """What an engine read on one image: coordinates in that image's pixels; `rotation` in clockwise degrees."""

    text: str
    lines: tuple[Line, ...]
    fields: tuple[Field, ...] = ()
    tables: tuple[Table, ...] = ()
    warnings: tuple[str, ...] = ()
    rotation: Literal[0, 90, 180, 270] = 0
    script: str | None = None  # ISO 15924's code, where the languages were to be found
    is_whole: bool = True  # False: some of it is in a script, or in letters, that the engine does not read
    unknown_letters: UnknownLetters | None = None

    @property
    def confidence(self) -> float | None:
        """Mean over the characters: of their words where these have confidences, or else of their lines."""
        return weighted_mean(
            (part.confidence, len(part.text))
            for line in self.lines
            for part in (line.words if any(word.confidence is not None for word in line.words) else (line,))
        )


class SkippedProvider(Struct, frozen=True):
    """A provider of the chain that did not read a page, and why: an error's class name and sentence."""

    provider: str
    type: str
    message: str


class ReadPage(Struct, frozen=True):
    """What was read of a page, by whom, which providers were skipped, and on which of the page's prepared images."""

    text: PageText
    provider: str
    skipped_providers: tuple[SkippedProvider, ...] = ()
    preparation: Preparation = "classical"


class Redaction(Struct, frozen=True, kw_only=True):
    """A place of a page whose characters were masked, and what they were."""

    kind: Literal["id_number", "bank_card", "phone", "email"]
    polygon: Polygon


class Page(Struct, frozen=True, kw_only=True):
    """A page; `provider` read it (null: its own text layer was read, or nobody), `skipped_providers` did not.

    `mixed`: its words are those of its text layer, and `provider` read what else is written on it; `confidence` is that
    of what was read. `script` is ISO 15924's code of the script, where it was to be found (`languages=auto`).
    `text_layer_refusal` says why a text layer was not used, where the page has one. `kind` is what the paper is, where
    that was found. `is_whole` is false where some of the page is in a script, or in letters, that its provider does not
    read: that is not in its text, and the result is `partial`. `file` is the number of that of the document's `files`
    that the page is in, from 1, where there are several.

    `origin`: `ocr` is read by a provider, `text-layer` from the text of a PDF's page, `mixed` from both, `blank` has
    nothing. `document`: the file has text and no places, and Folio has set it on plain pages, whose pixels these are.
    """

    number: Annotated[int, Meta(ge=1)]
    width: Annotated[int, Meta(ge=0)]
    height: Annotated[int, Meta(ge=0)]
    dpi: float | None
    origin: Literal["ocr", "text-layer", "mixed", "blank", "document"] = "ocr"
    # Clockwise degrees the page was turned, and then straightened, before it was read.
    rotation: Literal[0, 90, 180, 270] = 0
    skew: float = 0.0
    steps: tuple[str, ...] = ()
    status: Literal["ok", "failed"] = "ok"
    error: Problem | None = None
    text: str = ""
    confidence: Confidence | None = None
    lines: tuple[Line, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    seals: tuple[Seal, ...] = ()
    codes: tuple[Code, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    kind: str | None = None
    provider: str | None = None
    skipped_providers: tuple[SkippedProvider, ...] = ()
    script: str | None = None
    is_whole: bool = True
    text_layer_refusal: str | None = None
    warnings: tuple[str, ...] = ()
    file: Annotated[int, Meta(ge=1)] | None = None


class SourceFile(Struct, frozen=True, kw_only=True):
    """A file in a document, or its own text between them: what the document calls it, its media type, and its pages.

    `page` is the number of its first page. `error` says why a file has none.
    """

    name: str
    media_type: str | None = None
    page: Annotated[int, Meta(ge=1)] | None = None
    pages: Annotated[int, Meta(ge=0)] = 0
    error: Problem | None = None


class Source(Struct, frozen=True, kw_only=True):
    """The document; what was not reached before an error is null.

    With `attachment`, the name of a document attached to it, what follows says of that one.
    """

    bucket: str | None
    key: str
    version: str | None = None
    etag: str
    attachment: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    bytes: int | None = None
    pages: int | None = None


class Engine(Struct, frozen=True, kw_only=True):
    """Who was asked: `provider` first (the version is its own, if it is there), then `fallbacks` in order."""

    provider: str
    version: str | None
    fallbacks: tuple[str, ...] = ()
    languages: tuple[str, ...]
    mode: str
    settings: str


class Cost(Struct, frozen=True):
    """Calls to paid providers (Tesseract makes none) and what they should cost by the price table of `prices`' date.

    `unpriced` are answered calls the table has no price for; the estimate leaves them out, as it leaves out free tiers.
    """

    calls: Annotated[int, Meta(ge=0)] = 0
    estimate: Annotated[float, Meta(ge=0)] = 0.0
    currency: str | None = None
    prices: str | None = None
    unpriced: Annotated[int, Meta(ge=0)] = 0


class BatchPart(Struct, frozen=True, kw_only=True):
    """One document of a batch scan that was split: the numbers of its pages, and what the separator before it says.

    Its result is the output `part-NUMBER` of that of the whole batch.
    """

    number: Annotated[int, Meta(ge=1)]
    pages: tuple[Annotated[int, Meta(ge=1)], ...]
    separator: str | None = None


class ResultHead(Struct, frozen=True, kw_only=True):
    """The result without its pages, which may be too many to hold at once.

    `outputs` are the other forms of it: kind and the key where it lies. `redacted` counts what was masked, by what it
    is; null where nothing was to be. `files` are those in a mail, an archive, or a document with pictures in it.
    """

    schema: Literal["folio/1"] = "folio/1"
    status: Literal["complete", "partial"]
    created: Moment
    redacted: dict[str, Annotated[int, Meta(ge=0)]] | None = None
    source: Source
    engine: Engine
    text: str
    confidence: Confidence | None
    fields: tuple[Field, ...] = ()
    warnings: tuple[str, ...] = ()
    timings: dict[str, Annotated[float, Meta(ge=0)]]
    cost: Cost = Cost()
    outputs: dict[str, str] = {}
    parts: tuple[BatchPart, ...] = ()
    files: tuple[SourceFile, ...] = ()


class Result(ResultHead, frozen=True, kw_only=True):
    """`<key>.ocr.json`"""

    pages: tuple[Page, ...]


class ErrorReport(Struct, frozen=True, kw_only=True):
    """`<key>.ocr.error.json`"""

    schema: Literal["folio/1"] = "folio/1"
    status: Literal["failed"] = "failed"
    created: Moment
    source: Source
    settings: str
    error: Problem


def encode(value: Any) -> bytes:
    """The one way a model becomes JSON (UTF-8)."""
    return msgspec.json.encode(value)


def decode[T](data: bytes, kind: type[T]) -> T:
    """The one way JSON becomes a model; raises msgspec.ValidationError where it does not fit."""
    return msgspec.json.decode(data, type=kind)


def json_schema(kind: type[Result] | type[ErrorReport]) -> dict[str, Any]:
    """JSON Schema (2020-12) of a published document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(kind)}


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def weighted_mean(confidences: Iterable[tuple[float | None, int]]) -> float | None:
    """Mean of (confidence, weight); unknown confidences are left out, None if none is known."""
    known = [(confidence, weight) for confidence, weight in confidences if confidence is not None]
    total = sum(weight for _, weight in known)
    return round(sum(confidence * weight for confidence, weight in known) / total, 4) if total else None
