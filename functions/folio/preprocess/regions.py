"""Steps that change what lies around the characters: dark fields, screens, punch holes. No pixel moves."""

from typing import TYPE_CHECKING, Any

from folio.documents.raster.characters import REDUCED
from folio.documents.raster.pixels import Components, Grey, Mask, border, components, shrink_to, stretch_to
from folio.preprocess.step import StepResult, unchanged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DETECT_SIDE_PX = 1000  # of the longer side of the small copy

# Dark regions; pixels are those of the small copy, levels are grey levels of 255.
_MAX_DARK_LEVEL = 110  # a field at most this bright is dark; ink is thinner than a field
_MIN_LIGHTER_LEVELS = 60  # by how much lighter than their field characters are
_THIN_STROKE_PX, _THICK_STROKE_PX = 4, 15  # characters' strokes are not thinner, and not thicker
_MIN_FIELD_PX = 12  # lower than a line of text that can be read
_MIN_SOLID_SHARE = 0.7  # of its bounding box that a field fills
_MIN_CHARACTERS = 2  # with fewer light shapes a field is a picture, or nothing
_MANY_CHARACTERS = 20  # as many light shapes are text on a field of any size
_MIN_FAINT_LEVELS = 25  # by how much thin characters differ from the ground
_MIN_NEGATIVE_SHARE = 0.5  # of a page: if dark fields take more, and its edge is dark, the page is light on dark

# Screens, in pixels of the image itself.
_DOTS_PX = 2.0  # a screen's dots vanish when blurred by this much
_CELL_PX = 8
_MIN_DOTS_LEVELS = 12.0  # mean difference of a screen's pixels from those around, of 255
_MIN_DOTS_RATIO = 4.0  # to the unevenness of the blurred screen; measured: on screens 5 and more, text at most 3.3
_MIN_SCREEN_CELLS = 40
_PAPER_LEVEL = 235.0  # of 255: brighter cells have no screen
_TWO_LINES_CELLS = 15  # two lines of text with nothing between them

# Punch holes, in shares of a sheet's longer side.
_MIN_HOLE_SHARE, _MAX_HOLE_SHARE = 0.012, 0.032  # 4 to 9 millimeters of 297
_MAX_SHEET_RATIO = 1.8  # a sheet longer than that many times its width is a receipt, which nobody files


def invert_dark_regions(image: Grey) -> StepResult:
    """Turn light characters on dark fields into dark ones on light; the whole page where it is like that.

    Pictures stay: a field is a rectangle of one brightness that holds shapes as light and as high as characters.
    """
    import cv2
    import numpy as np

    small = shrink_to(image, _DETECT_SIDE_PX)
    dark = (small < _MAX_DARK_LEVEL).astype(np.uint8)
    if dark.mean() < 0.002:
        return unchanged(image)
    if _is_negative(small):
        return _inverted(image)
    # Without dark characters and lines, which are thin; light ones are filled up by the field around them.
    thick = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((_THIN_STROKE_PX, _THIN_STROKE_PX), np.uint8))
    filled = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((_MIN_FIELD_PX + 3, _MIN_FIELD_PX + 3), np.uint8))
    opened = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((_MIN_FIELD_PX, 2 * _MIN_FIELD_PX), np.uint8))
    fields = components(opened.astype("uint8"))
    turned = np.zeros(small.shape, np.uint8)
    solid = fields.area >= _MIN_SOLID_SHARE * fields.width * fields.height
    for index, (left, top, right, bottom) in enumerate(fields.boxes()):
        region = slice(top, bottom), slice(left, right)
        inside = fields.labels[region] == index + 1
        if solid[index] and _bears_characters(small[region], inside):
            turned[region][inside] = 1
    if not turned.any():
        return unchanged(image)
    if turned.mean() > _MIN_NEGATIVE_SHARE and _edge_level(small) < _MAX_DARK_LEVEL:
        return _inverted(image)
    mask = stretch_to(turned, image.shape) > 0
    return StepResult(np.where(mask, 255 - image, image).astype(np.uint8), note=f"{turned.mean():.0%}")


def _inverted(image: Grey) -> StepResult:
    """Invert the whole page; what was dark on light in it is turned back."""
    import numpy as np

    return StepResult(invert_dark_regions((255 - image).astype(np.uint8)).image, note="100%")


def _edge_level(image: Grey) -> float:
    """Return how bright the edge of a page is."""
    import numpy as np

    return float(np.median(border(image)))


def _is_negative(image: Grey) -> bool:
    """Return whether a page is an even dark ground with a little on it that is lighter, thin, and not less than darker.

    Unlike in a field, the height and lightness of characters do not count: a table has more lines than characters.
    """
    import cv2
    import numpy as np

    ground = float(np.median(image))
    if max(ground, _edge_level(image)) >= _MAX_DARK_LEVEL:
        return False
    off = image.astype(np.int16) - ground
    light = (off > _MIN_FAINT_LEVELS).astype(np.uint8)
    thick = cv2.morphologyEx(light, cv2.MORPH_OPEN, np.ones((_THICK_STROKE_PX, _THICK_STROKE_PX), np.uint8))
    even = float((np.abs(off) <= _MIN_FAINT_LEVELS).mean())
    thin = thick.sum() < 0.5 * light.sum()
    return bool(even > 0.5 and light.mean() > max(0.002, (off < -_MIN_FAINT_LEVELS).mean()) and thin)


def _bears_characters(field: Grey, inside: Mask) -> bool:
    """Return whether light shapes of one height lie in a dark field that is even but for them."""
    import numpy as np

    ground = float(np.median(field[inside]))
    light = ((field > ground + _MIN_LIGHTER_LEVELS) & inside).astype(np.uint8)
    light_ratio = float(light.sum() / inside.sum())
    even = np.abs(field[inside & (light == 0)].astype(float) - ground)
    if ground > _MAX_DARK_LEVEL or light_ratio > 0.45 or float(np.percentile(even, 75)) > 20:
        return False
    shapes = components(light)
    characters = REDUCED.matching(shapes) & (shapes.height <= 0.9 * field.shape[0])
    enough = int(characters.sum()) >= (_MIN_CHARACTERS if light_ratio > 0.01 else _MANY_CHARACTERS)
    return enough and float(shapes.area[characters].sum()) > 0.5 * float(shapes.area.sum())


def descreen(image: Grey) -> StepResult:
    """Replace the dots that print and fax make of a grey ground by an even light one; characters on it stay."""
    import cv2
    import numpy as np

    height, width = image.shape
    if min(height, width) < 4 * _CELL_PX:
        return unchanged(image)
    smooth = cv2.GaussianBlur(image, (0, 0), _DOTS_PX)
    whole_cells = slice(height // _CELL_PX * _CELL_PX), slice(width // _CELL_PX * _CELL_PX)
    dots = _cells(cv2.absdiff(image, smooth)[whole_cells], _CELL_PX)
    # What is blurred is as uneven in half the pixels.
    half = _reduced(smooth[whole_cells], 2)
    mean, squares = (_cells(values, _CELL_PX // 2) for values in (half, half * half))
    uneven = np.sqrt(np.maximum(squares - mean * mean, 0))
    # Blurred, a screen is even, and characters are not.
    screen = (dots > _MIN_DOTS_LEVELS) & (dots > _MIN_DOTS_RATIO * (uneven + 4))
    if screen.sum() < _MIN_SCREEN_CELLS:
        return unchanged(image)
    # What lies between even cells is characters on them.
    two_lines = _TWO_LINES_CELLS, _TWO_LINES_CELLS
    closed = cv2.morphologyEx(screen.astype(np.uint8), cv2.MORPH_CLOSE, np.ones(two_lines, np.uint8))
    dotted = (closed * (dots > _MIN_DOTS_LEVELS)).astype(np.uint8)
    whole = cv2.morphologyEx(dotted, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    # Up to its edges, where characters or lines leave no cell even.
    near = cv2.dilate(whole, np.ones((_TWO_LINES_CELLS - 2, _TWO_LINES_CELLS - 2), np.uint8)) > 0
    cells = ((whole > 0) | (near & (dots > 1.5 * _MIN_DOTS_LEVELS) & (mean < _PAPER_LEVEL))).astype(np.uint8)
    field = stretch_to(cells, image.shape)
    if not field.any():
        return unchanged(image)
    known = cv2.blur(screen.astype(np.float32), two_lines)
    ground = cv2.resize(cv2.blur(np.where(screen, mean, 0), two_lines) / np.maximum(known, 1e-3), (width, height))
    even = np.clip(smooth * (250.0 / np.clip(ground - 8, 1, None)), 0, 255)
    return StepResult(np.where(field > 0, even, image).astype(np.uint8), note=f"{field.mean():.0%}")


def _cells(values: "NDArray[Any]", side: int) -> "NDArray[np.float32]":
    """Return means over cells of so many pixels a side and those around them."""
    import cv2

    return cv2.blur(_reduced(values, side), (3, 3)).astype("float32", copy=False)


def _reduced(values: "NDArray[Any]", by: int) -> "NDArray[np.float32]":
    """Return means over squares of so many pixels a side; a whole ratio costs a third of another one."""
    import cv2

    height, width = values.shape
    small = cv2.resize(values, (width // by, height // by), interpolation=cv2.INTER_AREA)
    return small.astype("float32", copy=False)


def remove_punch_holes(image: Grey) -> StepResult:
    """Put paper in place of punch holes: dark discs in a row along a side, of the size that punches make."""
    import cv2
    import numpy as np

    small = shrink_to(image, _DETECT_SIDE_PX)
    height, width = small.shape
    paper = float(np.median(small))
    if paper < 2 * _MAX_DARK_LEVEL - 40 or max(small.shape) > _MAX_SHEET_RATIO * min(small.shape):
        return unchanged(image)
    shapes = components((small < _MAX_DARK_LEVEL).astype(np.uint8))
    wide, discs = shapes.width, _are_discs(shapes, max(small.shape))
    holes = np.zeros(len(discs), bool)
    for axis, length in ((0, width), (1, height)):
        center = shapes.centers[:, axis]
        beside = discs & (np.minimum(center, length - center) < 0.08 * min(width, height))
        for one in np.flatnonzero(beside):
            row = beside & (np.abs(center - center[one]) < 0.01 * length) & (np.abs(wide - wide[one]) < 0.2 * wide[one])
            if row.sum() > 1:  # one alone may be print
                holes[row] = True
    if not holes.any():
        return unchanged(image)
    grown = cv2.dilate(shapes.mask(holes), np.ones((5, 5), np.uint8)).astype("uint8")
    return StepResult(np.where(stretch_to(grown, image.shape) > 0, np.uint8(paper), image).astype(np.uint8))


def _are_discs(shapes: Components, longer_side: int) -> Mask:
    """Return which shapes are round, full, and as large as punch holes."""
    import numpy as np

    wide, high = shapes.width, shapes.height
    across = (wide + high) / 2 / longer_side
    sized = (across >= _MIN_HOLE_SHARE) & (across <= _MAX_HOLE_SHARE) & (np.abs(np.log(wide / high)) < 0.16)
    full = shapes.area / (np.pi / 4 * wide * high)
    discs: Mask = sized & (full > 0.88) & (full < 1.1)
    return discs
