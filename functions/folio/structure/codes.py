"""Barcodes and QR codes on a drawing of a page.

A code whose symbology corrects its errors (QR, Data Matrix …) is right when it is read at all. Bars have a check digit
at most, and some none (ITF, Code 39): what is read of them counts only when they are cut out, laid upright and read the
same there, and never as a part of a longer reading.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from folio.documents.raster import pixels
from folio.documents.raster.pixels import Grey
from folio.models import Code, PageImage
from folio.structure.bar_regions import MIN_REGION_PX, bar_regions
from folio.structure.unread import code_locations
from folio.transform import Box, Polygon, Transform, bounds, box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MATRIX = "QRCode,MicroQRCode,RMQRCode,DataMatrix,Aztec,PDF417,MicroPDF417,MaxiCode"
_BARS = "Code128,Code39,Code93,Codabar,ITF,EAN13,EAN8,UPCA,UPCE,DataBar,DataBarExp,DataBarLtd"
_MIN_LENGTH = {"itf": 6, "codabar": 4, "code_39": 3}  # characters: shorter ones are matches in rules and letters
_SECOND_SCALE = 0.7  # of a second look at the whole page: it evens out noise, and what is printed too dark
# Scales at which bars that were cut out and laid upright are read; the last one only to decide.
_CUT_SCALES, _DECIDING_SCALE = (0.6, 1.0), 1.6
_MAX_CODES = 100  # on a page

_MARGIN = 0.25  # around a region, of its length: where its quiet zones are, and bars that it lacks


def codes_on(image: PageImage, words: tuple[Polygon, ...] | None = None) -> tuple[Code, ...]:
    """Return the codes on a drawing from top to bottom, with polygons in the pixels of its page.

    `words`, where the page was read, are those that are no codes; where nothing else may be one, none is looked for.
    """
    grey = pixels.load(image)
    return _on_page(image, find_codes(grey, None if words is None else code_locations(grey, image, words)))


def codes_within(image: PageImage, boxes: tuple[Box, ...], page_side: int, scale: float) -> tuple[Code, ...]:
    """Return what `codes_on` does, from boxes (in pixels of the page) of a drawing of a part of it.

    That is looked at `scale` times (at most 1) as large; there the page's longer side has `page_side` pixels.
    """
    small = msgspec.structs.replace(image, to_page=Transform.scale(1 / scale, 1 / scale).then(image.to_page))
    inside = [bounds(small.to_page.inverse().polygon(box(*one))) for one in boxes]
    return _on_page(small, find_codes(_resized(pixels.load(image), scale), inside, page_side))


def _on_page(image: PageImage, codes: Iterable[Code]) -> tuple[Code, ...]:
    on_page = (msgspec.structs.replace(code, polygon=_rounded(image, code.polygon)) for code in codes)
    return tuple(sorted(on_page, key=lambda code: (bounds(code.polygon)[1], bounds(code.polygon)[0])))


def find_codes(grey: Grey, boxes: Sequence[Box] | None = None, page_side: int = 0) -> list[Code]:
    """Return the codes on an image, or in boxes of it; `page_side`: the longer side of the page it is a part of."""
    if boxes is not None and not boxes:
        return []
    candidates = _looked_at(grey) if boxes is None else [code for one in boxes for code in _looked_at(grey, one)]
    matches = _distinct(code for code, is_bars in candidates if not is_bars)
    locations = [code.polygon for code, is_bars in candidates if is_bars]
    locations += [
        region
        for region in bar_regions(grey, boxes, page_side)
        if not any(_lies_in(region, code.polygon) for code in matches)
        and (boxes is None or any(_lies_in(region, box(*one)) for one in boxes))
    ]
    for polygon in locations:
        if not any(_lies_in(polygon, code.polygon) for code in matches):
            matches = _distinct([*matches, *_confirmed(grey, polygon)])
    return [code for code in matches if not _is_part(code, matches)][:_MAX_CODES]


def _looked_at(grey: Grey, within: Box | None = None) -> list[tuple[Code, bool]]:
    """Return what two looks at an image, or within a box of it, see."""
    import cv2
    import numpy as np

    left, top, right, bottom = map(round, within or (0, 0, grey.shape[1], grey.shape[0]))
    left, top = max(0, left), max(0, top)
    part = np.ascontiguousarray(grey[top : max(top, bottom), left : max(left, right)])
    if min(part.shape) < MIN_REGION_PX[1]:
        return []
    small = cv2.resize(part, None, fx=_SECOND_SCALE, fy=_SECOND_SCALE, interpolation=cv2.INTER_AREA).astype("uint8")
    to_page = Transform((1, 0, left, 0, 1, top, 0, 0, 1))
    return [
        (msgspec.structs.replace(code, polygon=to_page.polygon(code.polygon)), is_bars)
        for code, is_bars in (*_read(part), *_read(small, 1 / _SECOND_SCALE, inverted=True))
    ]


def _is_part(code: Code, matches: Iterable[Code]) -> bool:
    """Return whether bars are those of a longer code nearby, of which some were not read."""
    left, top, right, bottom = bounds(code.polygon)
    by = max(right - left, bottom - top)
    for other in matches:
        a, b, c, d = bounds(other.polygon)
        is_near = left - by < c and a < right + by and top - by < d and b < bottom + by
        if is_near and other.kind == code.kind and other.value != code.value and code.value in other.value:
            return code.kind not in _MATRIX_KINDS
    return False


def _read(
    image: Grey, scale: float = 1.0, *, inverted: bool = False, upright: bool = False
) -> Iterator[tuple[Code, bool]]:
    """Yield what is on an image, each with whether it is bars; `scale` leads from its pixels to those of the result.

    With `upright` they are bars across the image.
    """
    import zxingcpp

    formats = zxingcpp.barcode_formats_from_str(f"PDF417,{_BARS}" if upright else f"{_MATRIX},{_BARS}")
    for one in zxingcpp.read_barcodes(
        image,
        formats=formats,
        try_rotate=not upright,
        try_downscale=not upright,
        try_invert=inverted,
        text_mode=zxingcpp.TextMode.Plain,
    ):
        kind = _kind(one)
        if one.valid and len(one.text) >= _MIN_LENGTH.get(kind, 1):
            yield Code(kind=kind, value=one.text, polygon=_corners(one.position, scale)), kind not in _MATRIX_KINDS


_MATRIX_KINDS = frozenset(
    ("qr_code", "micro_qr_code", "rmqr_code", "data_matrix", "aztec", "pdf417", "micro_pdf417", "maxicode")
)


def _kind(one: Any) -> str:
    """Return the name of a symbology as results say it."""
    name = str(one.format).casefold().replace("-", "_").replace(" ", "_")
    plain = {"aztec_code": "aztec", "micropdf417": "micro_pdf417", "compact_pdf417": "pdf417"}
    if name.startswith(("qr_code", "code_39", "databar", "aztec")):
        name = next(start for start in ("qr_code", "code_39", "databar", "aztec") if name.startswith(start))
    return plain.get(name, name)


def _corners(position: Any, scale: float) -> Polygon:
    four = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    a, b, c, d = ((corner.x * scale, corner.y * scale) for corner in four)
    return a, b, c, d


def _rounded(image: PageImage, polygon: Polygon) -> Polygon:
    a, b, c, d = ((round(x, 1), round(y, 1)) for x, y in image.to_page.polygon(polygon))
    return a, b, c, d


def _distinct(codes: Iterable[Code]) -> list[Code]:
    """Return each code of a location once."""
    distinct: list[Code] = []
    for code in codes:
        locations = [(code.polygon, other.polygon) for other in distinct if other.value == code.value]
        if not any(_lies_in(one, two) or _lies_in(two, one) for one, two in locations):
            distinct.append(code)
    return distinct


def _lies_in(polygon: Polygon, other: Polygon) -> bool:
    """Return whether the middle of one lies in the box around the other one."""
    x, y = sum(x for x, _ in polygon) / 4, sum(y for _, y in polygon) / 4
    left, top, right, bottom = bounds(other)
    across, down = 0.15 * (right - left) + 3, 0.15 * (bottom - top) + 3
    return left - across <= x <= right + across and top - down <= y <= bottom + down


def _confirmed(grey: Grey, location: Polygon) -> list[Code]:
    """Return what is read at a location laid upright: of bars what most readings agree on, and no part of that."""
    upright, back = _upright(grey, location)
    codes: list[Code] = []
    votes: Counter[tuple[str, str]] = Counter()
    polygons: dict[tuple[str, str], Polygon] = {}
    for scale in (*_CUT_SCALES, _DECIDING_SCALE):
        if scale == _DECIDING_SCALE and (not votes or (len(votes) == 1 and max(votes.values()) > 1)):
            break
        for code, is_bars in _read(_resized(upright, scale), 1 / scale, upright=True):
            polygon = _moved(back, code.polygon)
            if not is_bars:
                codes.append(msgspec.structs.replace(code, polygon=polygon))
                continue
            votes[code.kind, code.value] += 1
            polygons[code.kind, code.value] = polygon
    rivals = [vote for vote in votes if not any(vote[1] != other[1] and vote[1] in other[1] for other in votes)]
    if len(rivals) == 1 and votes[rivals[0]] > 1:
        kind, value = rivals[0]
        codes.append(Code(kind=kind, value=value, polygon=polygons[rivals[0]]))
    return codes


def _moved(back: "NDArray[np.float64]", polygon: Polygon) -> Polygon:
    import numpy as np

    a, b, c, d = ((float(x), float(y)) for x, y in np.array(polygon, float) @ back[:, :2].T + back[:, 2])
    return a, b, c, d


def _resized(image: Grey, scale: float) -> Grey:
    import cv2

    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=method).astype("uint8", copy=False)


def _upright(grey: Grey, location: Polygon) -> "tuple[Grey, NDArray[np.float64]]":
    """Return a location with its surroundings, its first side across, and the way back (2 x 3) to pixels of `grey`."""
    import cv2
    import numpy as np

    (ax, ay), (bx, by), _, (dx, dy) = location
    length, height = float(np.hypot(bx - ax, by - ay)), float(np.hypot(dx - ax, dy - ay))
    angle = np.arctan2(by - ay, bx - ax)
    middle = np.mean(np.array(location, float), axis=0)
    margin = _MARGIN * length + 20
    size = np.array((length + 2 * margin, max(height, 12) + margin))
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    turn = np.array(((cos, -sin), (sin, cos)))
    back = np.hstack([turn, (middle - turn @ (size / 2)).reshape(2, 1)])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(grey, back, (int(size[0]), int(size[1])), flags=flags, borderValue=(255,))
    return cut.astype("uint8", copy=False), back
