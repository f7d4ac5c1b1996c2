"""Regions of a page as strips on one small sheet, for what is to be read of a page that needs no engine otherwise."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from folio.documents.raster import pixels
from folio.errors import EngineFailed
from folio.models import PageImage
from folio.transform import Polygon

_GAP_PX = 24  # between two strips and around them

type Region = tuple[int, int, int, int]  # left, top, right, bottom in pixels of the page


class Sheet(Struct, frozen=True):
    """Strips below each other. `tops` are where they begin on the sheet, `regions` where they lie on the page."""

    regions: Sequence[Region]
    tops: Sequence[int]
    width: int
    height: int

    def strip_at(self, polygon: Polygon) -> int:
        """Return the index of the strip on which the middle of a polygon of the sheet lies."""
        middle = sum(y for _, y in polygon) / 4
        return max((index for index, top in enumerate(self.tops) if top - _GAP_PX / 2 <= middle), default=0)

    def region_of(self, polygon: Polygon) -> Region:
        """Return the region on whose strip the middle of a polygon of the sheet lies."""
        return self.regions[self.strip_at(polygon)]

    def to_page(self, polygon: Polygon) -> Polygon:
        """Return a polygon of the sheet in pixels of the page, within its region."""
        index = self.strip_at(polygon)
        left, top, right, bottom = self.regions[index]
        shift = top - self.tops[index]
        p, q, r, s = (
            (round(min(max(x - _GAP_PX + left, left), right), 1), round(min(max(y + shift, top), bottom), 1))
            for x, y in polygon
        )
        return p, q, r, s


def around(regions: Sequence[Region]) -> Region:
    """Return the box around regions, of which there must be one."""
    lefts, tops, rights, bottoms = zip(*regions, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def lay_out(drawing: PageImage, regions: Sequence[Region], target: Path) -> Sheet:
    """Write regions as strips on a sheet of their tone; `drawing` shows a part of the page, in its pixels.

    Raises EngineFailed if the drawing is incomplete.
    """
    import numpy as np

    part = pixels.read(drawing.path)
    if part is None:
        raise EngineFailed("The drawing of a part of a page is incomplete; the scratch space may be full.")
    left, top = (round(side) for side in drawing.to_page.point((0, 0)))
    height, width = part.shape
    inside = [(max(a, left), max(b, top), min(c, left + width), min(d, top + height)) for a, b, c, d in regions]
    chosen = [(a, b, c, d) for a, b, c, d in inside if c > a and d > b]
    strips = [part[b - top : d - top, a - left : c - left] for a, b, c, d in chosen]
    tone = int(np.median(np.concatenate([pixels.border(strip) for strip in strips]))) if strips else 255
    wide = max((strip.shape[1] for strip in strips), default=1) + 2 * _GAP_PX
    sheet = np.full((sum(len(strip) + _GAP_PX for strip in strips) + _GAP_PX, wide), tone, dtype=np.uint8)
    tops, y = [], _GAP_PX
    for strip in strips:
        sheet[y : y + len(strip), _GAP_PX : _GAP_PX + strip.shape[1]] = strip
        tops.append(y)
        y += len(strip) + _GAP_PX
    pixels.save(sheet, target)
    return Sheet(chosen, tops, sheet.shape[1], sheet.shape[0])
