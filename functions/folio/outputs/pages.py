"""From what an engine read to the pages of a result, in the page's own coordinates."""

from typing import Literal

from folio.errors import FolioError, PageUnreadable
from folio.models import Line, Page, PageImage, PageText, Point, Polygon, Problem, Word, weighted_mean


def problem(error: FolioError) -> Problem:
    return Problem(type(error).__name__, error.message, error.hint)


def finished_page(prepared: PageImage, read: PageText) -> Page:
    """The page with everything mapped back from the prepared image's pixels.

    Raises PageUnreadable for an empty page that was drawn with complaints: it may only look empty.
    """
    if prepared.complaints and not read.text:
        raise PageUnreadable(f"Page {prepared.number} was drawn with complaints, and there is no text on the drawing.")
    lines = tuple(_line_on_page(line, prepared) for line in read.lines)
    return Page(
        number=prepared.number,
        width=prepared.width,
        height=prepared.height,
        dpi=prepared.dpi,
        steps=prepared.steps,
        text=read.text,
        confidence=weighted_mean((word.confidence, len(word.text)) for line in read.lines for word in line.words),
        lines=lines,
        warnings=prepared.warnings,
    )


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


def _line_on_page(line: Line, prepared: PageImage) -> Line:
    words = tuple(Word(word.text, word.confidence, _on_page(word.polygon, prepared)) for word in line.words)
    return Line(line.text, line.confidence, _on_page(line.polygon, prepared), words)


def _on_page(polygon: Polygon, prepared: PageImage) -> Polygon:
    def kept(point: Point) -> Point:
        x, y = point
        return round(min(max(x, 0.0), prepared.width), 1), round(min(max(y, 0.0), prepared.height), 1)

    p, q, r, s = prepared.to_page.polygon(polygon)
    return kept(p), kept(q), kept(r), kept(s)


class Summary:
    """What the pages add up to, collected as they go by."""

    def __init__(self) -> None:
        self.pages = 0
        self.failed = 0
        self.first_error: FolioError | None = None
        self.timings: dict[str, float] = {}
        self._texts: list[str] = []
        self._confidences: list[tuple[float | None, int]] = []
        self._warnings: list[str] = []

    def add(self, page: Page, error: FolioError | None, timings: dict[str, float]) -> None:
        self.pages += 1
        self.failed += page.status == "failed"
        self.first_error = self.first_error or error
        self._texts.append(page.text)
        self._confidences.append((page.confidence, len(page.text)))
        self._warnings += [f"Page {page.number}: {warning}" for warning in page.warnings]
        for name, seconds in timings.items():
            self.timings[name] = self.timings.get(name, 0.0) + seconds

    @property
    def status(self) -> Literal["complete", "partial"]:
        return "partial" if self.failed else "complete"

    @property
    def text(self) -> str:
        return "\n\n".join(text for text in self._texts if text)

    @property
    def confidence(self) -> float | None:
        return weighted_mean(self._confidences)

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(self._warnings)
