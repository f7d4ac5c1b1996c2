"""The form of a response: what Accept asks for, and what that is here (RFC 9110, 12.5.1)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from folio.errors import NotAcceptable
from folio.models import Output

# Media type as it is asked for -> kind of output; None is the result itself. The first that fits as well is taken.
FORMS: dict[str, Output | None] = {
    "application/json": None,
    "text/plain": "text",
    "text/vnd.hocr+html": "hocr",
    "text/html": "html",
    "application/alto+xml": "alto",
    "text/markdown": "markdown",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/jsonl": "chunks",
    "application/vnd.amazon.textract+json": "textract",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/pdf": "pdf",
}


class _Range(NamedTuple):
    kind: str
    quality: float


def negotiate(accept: str, offered: Iterable[str]) -> str:
    """Return the media type of those offered that the header Accept likes best. Raises NotAcceptable."""
    offers = list(offered)
    ranges = list(_ranges(accept)) or [_Range("*/*", 1.0)]
    quality, _, best = max((_quality(offer, ranges), -index, offer) for index, offer in enumerate(offers))
    if quality <= 0:
        raise NotAcceptable(f"None of the forms asked for is there; there are {', '.join(offers)}.")
    return best


def _ranges(accept: str) -> Iterable[_Range]:
    for part in accept.split(","):
        kind, *parameters = (text.strip().lower() for text in part.split(";"))
        if not kind:
            continue
        quality = next((match for text in parameters if (match := re.fullmatch(r"q=([01](?:\.\d{0,3})?)", text))), None)
        yield _Range(kind, min(1.0, float(quality[1])) if quality else 1.0)


def _quality(offer: str, ranges: list[_Range]) -> float:
    """Return the quality of the most exact range that fits."""
    family = offer.partition("/")[0] + "/*"
    for kind in (offer, family, "*/*"):
        if qualities := [item.quality for item in ranges if item.kind == kind]:
            return max(qualities)
    return 0.0


def served_as(media_type: str) -> str:
    """Return the Content-Type of a media type: our texts are UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
