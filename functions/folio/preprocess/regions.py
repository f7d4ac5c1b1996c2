"""Steps that change what stands between the letters: dark fields, screened grounds, punch holes. No pixel moves."""

from typing import TYPE_CHECKING

from folio.documents.pixels import Grey
from folio.preprocess.step import StepResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOOK = 1000  # pixels of the longer side on which fields and holes are looked for
_DARK = 110  # of 255: a field at most this bright is dark; ink is thinner than a field
_LIGHTER = 60  # by how much more light letters in it are
_THIN = 4  # pixels of the small copy: strokes of letters
_LEAST_FIELD = 12  # pixels of the small copy: lower than a line of text that can be read
_DOTS = 2.0  # pixels: a screen's dots are gone when blurred by this much
_CELL = 8  # pixels
_LEAST_DOTS = 12.0  # of 255: mean difference of a screen's pixels from those around
_SCREEN = 4.0  # times as much as the blurred screen is uneven; measured: on screens 5 and more, text at most 3.3
_FEW_CELLS = 40
_PAPER = 235.0  # of 255: brighter cells have no screen
_LINES = 15  # cells: two lines of text with nothing between them
_PUNCH = (0.012, 0.032)  # of a sheet's longer side: 4 to 9 millimetres of 297
_SLIM = 1.8  # a sheet longer than that many times its width is a receipt, which nobody files
_SOLID = 0.7  # share of its bounding box that a field fills
_LETTERS = 2  # of fewer light shapes a field is a picture, or nothing
_MANY = 20  # light shapes are text on a field of any size
_FAINT = 25  # of 255: by how much thin letters differ from the ground on the small copy
_STROKE = 15  # pixels of the small copy: more than strokes of letters
_WHOLE = 0.5  # of a page: if dark fields take more, and its edge is dark, the page is light on dark


def invert_dark_regions(image: Grey) -> StepResult:
    """Light letters on dark fields become dark on light; also where the whole page is so.

    Pictures stay: a field is a rectangle of one brightness, in which lie shapes as light and as high as letters.
    """
    import cv2
    import numpy as np

    small = _small(image)
    dark = (small < _DARK).astype(np.uint8)
    if dark.mean() < 0.002:
        return StepResult(image, done=False)
    if _is_negative(small):
        return _turned(image)
    # Dark letters and lines go, which are thin; light ones are filled up by the field around them.
    thick = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((_THIN, _THIN), np.uint8))
    filled = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((_LEAST_FIELD + 3, _LEAST_FIELD + 3), np.uint8))
    field = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((_LEAST_FIELD, 2 * _LEAST_FIELD), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(field.astype("uint8"))
    turned = np.zeros(small.shape, np.uint8)
    for number in range(1, len(stats)):
        x, y, wide, high, area = stats[number]
        inside = labels[y : y + high, x : x + wide] == number
        if area >= _SOLID * wide * high and _bears_characters(small[y : y + high, x : x + wide], inside):
            turned[y : y + high, x : x + wide][inside] = 1
    if not turned.any():
        return StepResult(image, done=False)
    if turned.mean() > _WHOLE and _edge(small) < _DARK:
        return _turned(image)
    height, width = image.shape
    mask = cv2.resize(turned, (width, height), interpolation=cv2.INTER_NEAREST) > 0
    return StepResult(np.where(mask, 255 - image, image).astype(np.uint8), note=f"{turned.mean():.0%}")


def _turned(image: Grey) -> StepResult:
    """The whole page; what was dark on light in it is turned back."""
    import numpy as np

    return StepResult(invert_dark_regions((255 - image).astype(np.uint8)).image, note="100%")


def _edge(image: Grey) -> float:
    """How bright the edge of a page is."""
    import numpy as np

    return float(np.median(np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])))


def _is_negative(image: Grey) -> bool:
    """Whether a page is an even dark ground with a little on it that is lighter, thin and not outweighed by darker.

    Neither its letters' height is asked nor how light they are, as in a field: a table has more lines than letters.
    """
    import cv2
    import numpy as np

    ground = float(np.median(image))
    if max(ground, _edge(image)) >= _DARK:
        return False
    off = image.astype(np.int16) - ground
    light = (off > _FAINT).astype(np.uint8)
    thick = cv2.morphologyEx(light, cv2.MORPH_OPEN, np.ones((_STROKE, _STROKE), np.uint8))
    even = float((np.abs(off) <= _FAINT).mean())
    return bool(even > 0.5 and light.mean() > max(0.002, (off < -_FAINT).mean()) and thick.sum() < 0.5 * light.sum())


def _bears_characters(piece: Grey, inside: "NDArray[np.bool_]") -> bool:
    """Whether light shapes of one height lie in a dark field that is even but for them."""
    import cv2
    import numpy as np

    ground = float(np.median(piece[inside]))
    light = ((piece > ground + _LIGHTER) & inside).astype(np.uint8)
    share = float(light.sum() / inside.sum())
    even = np.abs(piece[inside & (light == 0)].astype(float) - ground)
    if ground > _DARK or share > 0.45 or float(np.percentile(even, 75)) > 20:
        return False
    stats = cv2.connectedComponentsWithStats(light)[2][1:]
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    letters = (height >= 4) & (height <= 60) & (width <= 8 * height) & (height <= 8 * width) & (area >= 6)
    letters &= height <= 0.9 * piece.shape[0]
    enough = int(letters.sum()) >= (_LETTERS if share > 0.01 else _MANY)
    return enough and float(area[letters].sum()) > 0.5 * float(area.sum())


def descreen(image: Grey) -> StepResult:
    """An even light ground instead of the dots that print and fax make of a grey one; letters on it stay."""
    import cv2
    import numpy as np

    height, width = image.shape
    if min(height, width) < 4 * _CELL:
        return StepResult(image, done=False)
    smooth = cv2.GaussianBlur(image, (0, 0), _DOTS)
    size = width // _CELL, height // _CELL
    dots = _cells(cv2.absdiff(image, smooth).astype(np.float32), size)
    mean, squares = _cells(smooth.astype(np.float32), size), _cells(smooth.astype(np.float32) ** 2, size)
    uneven = np.sqrt(np.maximum(squares - mean * mean, 0))
    # Blurred, a screen is even, and letters are not.
    screen = (dots > _LEAST_DOTS) & (dots > _SCREEN * (uneven + 4))
    if screen.sum() < _FEW_CELLS:
        return StepResult(image, done=False)
    # And what is between even cells is letters on them.
    whole = cv2.morphologyEx(screen.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((_LINES, _LINES), np.uint8))
    whole = cv2.morphologyEx((whole * (dots > _LEAST_DOTS)).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    # Up to its edges, where letters or lines leave no cell even.
    near = cv2.dilate(whole, np.ones((_LINES - 2, _LINES - 2), np.uint8)) > 0
    cells = ((whole > 0) | (near & (dots > 1.5 * _LEAST_DOTS) & (mean < _PAPER))).astype(np.uint8)
    field = cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST)
    if not field.any():
        return StepResult(image, done=False)
    around = (_LINES, _LINES)
    known = cv2.blur(screen.astype(np.float32), around)
    ground = cv2.resize(cv2.blur(np.where(screen, mean, 0), around) / np.maximum(known, 1e-3), (width, height))
    even = np.clip(smooth * (250.0 / np.clip(ground - 8, 1, None)), 0, 255)
    return StepResult(np.where(field > 0, even, image).astype(np.uint8), note=f"{field.mean():.0%}")


def _cells(values: "NDArray[np.float32]", size: tuple[int, int]) -> "NDArray[np.float32]":
    """Means over cells and those around them."""
    import cv2

    return cv2.blur(cv2.resize(values, size, interpolation=cv2.INTER_AREA), (3, 3)).astype("float32")


def remove_punch_holes(image: Grey) -> StepResult:
    """Paper in the place of punch holes: dark discs in a row along a side, of the size that punches make."""
    import cv2
    import numpy as np

    small = _small(image)
    height, width = small.shape
    paper = float(np.median(small))
    if paper < 2 * _DARK - 40 or max(small.shape) > _SLIM * min(small.shape):
        return StepResult(image, done=False)
    _, labels, stats, middles = cv2.connectedComponentsWithStats((small < _DARK).astype(np.uint8))
    wide, high, area = (stats[:, at].astype(float) for at in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    across = (wide + high) / 2 / max(small.shape)
    discs = (across >= _PUNCH[0]) & (across <= _PUNCH[1]) & (np.abs(np.log(wide / high)) < 0.16)
    full = area / (np.pi / 4 * wide * high)
    discs &= (full > 0.88) & (full < 1.1)
    discs[0] = False
    holes = np.zeros(len(stats), np.uint8)
    for axis, length in ((0, width), (1, height)):
        place = middles[:, axis]
        beside = discs & (np.minimum(place, length - place) < 0.08 * min(width, height))
        for one in np.flatnonzero(beside):
            row = beside & (np.abs(place - place[one]) < 0.01 * length) & (np.abs(wide - wide[one]) < 0.2 * wide[one])
            if row.sum() > 1:  # one alone may be print
                holes[row] = 1
    if not holes.any():
        return StepResult(image, done=False)
    places = cv2.dilate(holes[labels], np.ones((5, 5), np.uint8))
    mask = cv2.resize(places, image.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    return StepResult(np.where(mask, np.uint8(paper), image).astype(np.uint8))


def _small(image: Grey) -> Grey:
    import cv2

    scale = min(1.0, _LOOK / max(image.shape))
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype("uint8")
