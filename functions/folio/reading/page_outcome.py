"""From what an engine read to the pages of a result, in the page's own coordinates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from folio.errors import DamagedDocument, FolioError, PageUnreadable
from folio.models import (
    Field,
    Page,
    PageImage,
    PageText,
    Problem,
    ReadPage,
    SealText,
    UnknownLetters,
    weighted_mean,
)
from folio.problems import error_class
from folio.providers.scripts import likely_letters, likely_scripts
from folio.text.geometry import transform_text
from folio.transform import Point, Polygon


def problem(error: FolioError) -> Problem:
    return Problem(type(error).__name__, error.message, error.hint)


class PageOutcome(Struct, frozen=True):
    """What became of one page; `timings` are seconds per step."""

    page: Page
    fields: tuple[Field, ...] = ()
    timings: dict[str, float] = {}

    @property
    def error(self) -> FolioError | None:
        """Why it failed."""
        failed = self.page.error
        return error_class(failed.type)(failed.message) if failed else None

    def with_refusal(self, why: str) -> "PageOutcome":
        """Return the outcome with the reason why the page's text layer was not used."""
        return msgspec.structs.replace(self, page=msgspec.structs.replace(self.page, text_layer_refusal=why))

    def in_part(self, part: int | None) -> "PageOutcome":
        """Return the outcome with the number of the document's part that the page is in."""
        return msgspec.structs.replace(self, page=msgspec.structs.replace(self.page, file=part)) if part else self


def finished_page(prepared: PageImage, reading: ReadPage) -> tuple[Page, tuple[Field, ...]]:
    """The page with everything mapped back from the prepared image's pixels, and the fields on it.

    Raises PageUnreadable for an empty page that was drawn with complaints: it may only look empty.
    """
    read = transform_text(reading.text, lambda polygon: _on_page(polygon, prepared))
    _require_text_or_silence(prepared, read.text)
    page = Page(
        number=prepared.number,
        width=prepared.width,
        height=prepared.height,
        dpi=prepared.dpi,
        rotation=read.rotation,
        skew=prepared.skew,
        steps=prepared.steps,
        text=read.text,
        confidence=read.confidence,
        lines=read.lines,
        tables=read.tables,
        provider=reading.provider,
        skipped_providers=reading.skipped_providers,
        script=read.script,
        is_whole=read.is_whole,
        seals=prepared.seals,
        warnings=(*prepared.warnings, *read.warnings, *_missing_script(read)),
    )
    return page, tuple(msgspec.structs.replace(field, page=prepared.number) for field in read.fields)


def with_seal_texts(page: Page, image: PageImage, texts: Sequence[SealText]) -> Page:
    """Return the page with what is written on the first seals that were taken off its image, in their order."""
    if not any(one.text for one in texts):
        return page
    read = {seal.polygon: one for seal, one in zip(image.seals, texts, strict=False)}
    seals = (
        msgspec.structs.replace(seal, text=read[seal.polygon].text, confidence=read[seal.polygon].confidence)
        if seal.polygon in read
        else seal
        for seal in page.seals
    )
    return msgspec.structs.replace(page, seals=tuple(seals))


def _missing_script(read: PageText) -> Iterator[str]:
    if read.unknown_letters:
        yield _missing_letters(read.unknown_letters)
    elif not read.is_whole:
        may_be = likely_scripts()
        yield f"Some of this page is handwriting, or in a script that PP-OCR does not read: it may be {may_be}."


def _missing_letters(unknown: UnknownLetters) -> str:
    where = "this page" if unknown.is_most else "some of this page"
    if unknown.code is None:
        return (
            f"Letters of {where} are missing: it is in a language of which PP-OCR does not know all letters; it may be "
            f"{likely_letters()}."
        )
    return (
        f"Letters of {where} are missing or read as others: it seems to be in {unknown.name} ({unknown.code}), of "
        "which PP-OCR does not know all letters."
    )


def blank_page(image: PageImage) -> Page:
    """A page with no ink, which nobody was asked to read. Raises PageUnreadable as above."""
    _require_text_or_silence(image, "")
    return Page(
        number=image.number,
        width=image.width,
        height=image.height,
        dpi=image.dpi,
        origin="blank",
        warnings=image.warnings,
    )


def _require_text_or_silence(image: PageImage, text: str) -> None:
    if image.complaints and not text:
        raise PageUnreadable(f"Page {image.number} was drawn with complaints, and there is no text on the drawing.")


def failed_page(number: int, image: PageImage | None, error: FolioError) -> Page:
    """A page that says why it has no text; without a size if it was never drawn."""
    return Page(
        number=number,
        width=image.width if image else 0,
        height=image.height if image else 0,
        dpi=image.dpi if image else None,
        status="failed",
        error=problem(error),
        warnings=image.warnings if image else (),
    )


def _on_page(polygon: Polygon, prepared: PageImage) -> Polygon:
    def clamp(point: Point) -> Point:
        x, y = point
        return round(min(max(x, 0.0), prepared.width), 1), round(min(max(y, 0.0), prepared.height), 1)

    p, q, r, s = prepared.to_page.polygon(polygon)
    return clamp(p), clamp(q), clamp(r), clamp(s)


class Summary:
    """What the pages add up to, collected as they go by."""

    def __init__(self) -> None:
        self.pages = 0
        self.failed = 0
        self.unread = 0  # pages of which a part is in no text
        self.first_error: FolioError | None = None
        self.timings: dict[str, float] = {}
        self._texts: list[str] = []
        self._confidences: list[tuple[float | None, int]] = []
        self._warnings: list[str] = []
        self._fields: list[Field] = []
        self._redacted: Counter[str] = Counter()

    def add(self, outcome: PageOutcome) -> None:
        page = outcome.page
        self.pages += 1
        self.failed += page.status == "failed"
        self.unread += not page.is_whole
        self.first_error = self.first_error or outcome.error
        self._texts.append(page.text)
        self._fields += outcome.fields
        self._redacted.update(redaction.kind for redaction in page.redactions)
        self._confidences.append((page.confidence, len(page.text)))
        self._warnings += [f"Page {page.number}: {warning}" for warning in page.warnings]
        for name, seconds in outcome.timings.items():
            self.timings[name] = self.timings.get(name, 0.0) + seconds

    def require_pages(self, max_failed: float) -> None:
        """Raise the reason if nothing could be read, or a larger share of the pages failed than `max_failed`."""
        error = self.first_error
        if error is None or (self.failed < self.pages and self.failed <= max_failed * self.pages):
            return
        if isinstance(error, PageUnreadable):
            which = "No page" if self.failed == self.pages else f"Only {self.pages - self.failed} of {self.pages} pages"
            raise DamagedDocument(f"{which} of the document can be read: {error.message}") from error
        raise error

    def warn(self, warnings: Iterable[str]) -> None:
        """Of the whole document."""
        self._warnings += warnings

    @property
    def status(self) -> Literal["complete", "partial"]:
        return "partial" if self.failed or self.unread else "complete"

    @property
    def text(self) -> str:
        return "\n\n".join(text for text in self._texts if text)

    @property
    def confidence(self) -> float | None:
        return weighted_mean(self._confidences)

    @property
    def redacted(self) -> dict[str, int]:
        """How many places were masked, by what they were."""
        return dict(self._redacted)

    @property
    def masked(self) -> int:
        """In how many places something was masked."""
        return self._redacted.total()

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(self._fields)

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(self._warnings)
