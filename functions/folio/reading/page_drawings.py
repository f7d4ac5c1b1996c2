"""Drawings of a page that has text of its own: made only where something else is looked for on it."""

import math
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

import msgspec

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.rasterize import rasterize, rasterize_part
from folio.models import Document, Page, PageImage
from folio.transform import Box, Transform, bounds_of


class PageDrawings(ExitStack):
    """Drawings of one page, in whose pixels all boxes are and which has `dpi`; they go with the block it is used in."""

    def __init__(
        self, document: Document, page: Page, dpi: float, settings: Settings, deadline: Deadline, within: Path
    ) -> None:
        """`within`: the folder in which they get one of their own."""
        super().__init__()
        self._document, self._page, self._dpi = document, page, dpi
        self._settings, self._deadline, self._within = settings, deadline, within
        self._parts: list[tuple[Box, PageImage]] = []

    @cached_property
    def folder(self) -> Path:
        """For the drawings, and what else is made of the page while it is read."""
        return Path(self.enter_context(tempfile.TemporaryDirectory(dir=self._within, prefix="page-")))

    def whole(self, dpi: int) -> PageImage:
        """Draw the page; `to_page` leads from the drawing to its pixels. Raises PageUnreadable, EngineFailed."""
        image = rasterize(self._document, self._page.number, dpi, self.folder, self._settings, self._timeout())
        to_page = Transform.scale(self._page.width / image.width, self._page.height / image.height)
        return msgspec.structs.replace(image, to_page=image.to_page.then(to_page))

    def part(self, boxes: Sequence[Box], dpi: float) -> PageImage:
        """Draw what is around boxes, or return an earlier drawing of at least `dpi` that shows them all.

        `to_page` leads from the drawing to the page. Raises EngineFailed, EngineTimeout.
        """
        around = bounds_of(boxes)
        for shown, image in self._parts:
            if (image.dpi or 0) >= dpi and _covers(shown, around):
                return image
        image = self._drawn_part(around, dpi)
        self._parts.append((around, image))
        return image

    def _drawn_part(self, around: Box, dpi: float) -> PageImage:
        page, scale = self._page, dpi / self._dpi
        width, height = round(page.width * scale), round(page.height * scale)
        left, top, right, bottom = (side * scale for side in around)
        left, top, right, bottom = max(int(left), 0), max(int(top), 0), math.ceil(right), math.ceil(bottom)
        right, bottom = min(right, width), min(bottom, height)
        sides = left, top, right, bottom
        folder = self.folder / f"part{len(self._parts)}"
        folder.mkdir()
        return PageImage(
            number=page.number,
            path=rasterize_part(self._document, page.number, dpi, sides, folder, self._timeout()),
            width=right - left,
            height=bottom - top,
            dpi=dpi,
            to_page=Transform((1, 0, left, 0, 1, top, 0, 0, 1)).then(Transform.scale(1 / scale, 1 / scale)),
        )

    def _timeout(self) -> float:
        return self._deadline.timeout(self._settings.page_timeout)


def _covers(one: Box, other: Box) -> bool:
    return one[0] <= other[0] and one[1] <= other[1] and one[2] >= other[2] and one[3] >= other[3]
