"""The values Folio works with, and the published result schema `folio/1`.

Every coordinate is in pixels of the page as a reader sees it (EXIF and PDF rotation applied), at that page's stated
`width` and `height`, x to the right and y down from the top left corner. Confidences run from 0 to 1; null where
the engine gives none. Times are in seconds. The codec and the JSON Schema are msgspec's, derived from these classes.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

SCHEMA = "folio/1"
PDF = "application/pdf"

type Provider = Literal["tesseract"]
type Mode = Literal["general"]
type Recipe = Literal["auto", "none", "classic"]

type Confidence = Annotated[float, Meta(ge=0, le=1)]
type Moment = Annotated[datetime, Meta(tz=True)]
type Point = tuple[float, float]
# Clockwise from the top left corner of the text, as it is read.
type Polygon = tuple[Point, Point, Point, Point]


class Transform(Struct, frozen=True):
    """A homography (3 x 3, row by row) from one image's pixels to another's."""

    matrix: tuple[float, float, float, float, float, float, float, float, float] = (1, 0, 0, 0, 1, 0, 0, 0, 1)

    @classmethod
    def scale(cls, x: float, y: float) -> "Transform":
        return cls((x, 0, 0, 0, y, 0, 0, 0, 1))

    def then(self, after: "Transform") -> "Transform":
        """The transform that applies this one first and `after` second."""
        a, b = after.matrix, self.matrix
        product = [sum(a[3 * i + k] * b[3 * k + j] for k in range(3)) for i in range(3) for j in range(3)]
        return Transform(msgspec.convert(product, tuple[float, float, float, float, float, float, float, float, float]))

    def point(self, point: Point) -> Point:
        x, y = point
        a, b, c, d, e, f, g, h, i = self.matrix
        depth = g * x + h * y + i
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth

    def polygon(self, polygon: Polygon) -> Polygon:
        p, q, r, s = polygon
        return self.point(p), self.point(q), self.point(r), self.point(s)


class Options(Struct, frozen=True, kw_only=True):
    """What may differ from document to document, checked; all of it goes into the settings fingerprint."""

    provider: Provider = "tesseract"
    languages: tuple[str, ...] = ("eng",)
    mode: Mode = "general"
    pages: str = ""
    recipe: Recipe = "auto"
    dpi: int = 300
    psm: str = "3"


class Document(Struct, frozen=True, kw_only=True):
    """A readable document in a local file. `sizes` (PDF only): page number -> width and height in points."""

    path: Path
    media_type: str
    sha256: str
    bytes: int
    pages: int
    sizes: dict[int, tuple[float, float]]


class PageImage(Struct, frozen=True, kw_only=True):
    """A page as pixels: `path` is a grey PGM file, `to_page` leads from its pixels to the page's.

    `width` and `height` are the page's in pixels, as the result states them; `dpi` is its resolution where known;
    `complaints` is how often the program that drew it found fault.
    """

    number: int
    path: Path
    width: int
    height: int
    dpi: float | None
    to_page: Transform = Transform()
    steps: tuple[str, ...] = ()
    complaints: int = 0
    warnings: tuple[str, ...] = ()


class Word(Struct, frozen=True):
    text: str
    confidence: Confidence | None
    polygon: Polygon


class Line(Struct, frozen=True):
    text: str
    confidence: Confidence | None
    polygon: Polygon
    words: tuple[Word, ...]


class PageText(Struct, frozen=True):
    """What an engine read on one image: coordinates in that image's pixels."""

    text: str
    lines: tuple[Line, ...]


class Problem(Struct, frozen=True):
    """An error as the result tells it: class name, a sentence, and what to do."""

    type: str
    message: str
    hint: str


class Page(Struct, frozen=True, kw_only=True):
    number: Annotated[int, Meta(ge=1)]
    width: Annotated[int, Meta(ge=0)]
    height: Annotated[int, Meta(ge=0)]
    dpi: float | None
    origin: Literal["ocr", "text-layer", "blank"] = "ocr"
    # Clockwise degrees the page was turned, and then straightened, before it was read.
    rotation: Literal[0, 90, 180, 270] = 0
    skew: float = 0.0
    steps: tuple[str, ...] = ()
    status: Literal["ok", "failed"] = "ok"
    error: Problem | None = None
    text: str = ""
    confidence: Confidence | None = None
    lines: tuple[Line, ...] = ()
    warnings: tuple[str, ...] = ()


class Source(Struct, frozen=True, kw_only=True):
    """The document; what was not reached before an error is null."""

    bucket: str | None
    key: str
    version: str | None = None
    etag: str
    sha256: str | None = None
    media_type: str | None = None
    bytes: int | None = None
    pages: int | None = None


class Engine(Struct, frozen=True, kw_only=True):
    provider: str
    version: str
    languages: tuple[str, ...]
    mode: str
    settings: str


class Field(Struct, frozen=True, kw_only=True):
    """One value of a card or an invoice; `provider_name` is what the provider calls it."""

    name: str
    value: str
    confidence: Confidence | None
    polygon: Polygon | None
    provider_name: str


class Cost(Struct, frozen=True):
    """Paid calls to a provider; Tesseract makes none."""

    calls: Annotated[int, Meta(ge=0)] = 0
    estimate: Annotated[float, Meta(ge=0)] = 0.0
    currency: str | None = None


class ResultHead(Struct, frozen=True, kw_only=True):
    """The result without its pages, which may be too many to hold at once."""

    schema: Literal["folio/1"] = "folio/1"
    status: Literal["complete", "partial"]
    created: Moment
    source: Source
    engine: Engine
    text: str
    confidence: Confidence | None
    fields: tuple[Field, ...] = ()
    warnings: tuple[str, ...] = ()
    timings: dict[str, Annotated[float, Meta(ge=0)]]
    cost: Cost = Cost()


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
    """Mean of (confidence, weight); unknown confidences are left out, null if none is known."""
    known = [(confidence, weight) for confidence, weight in confidences if confidence is not None]
    total = sum(weight for _, weight in known)
    return round(sum(confidence * weight for confidence, weight in known) / total, 4) if total else None
