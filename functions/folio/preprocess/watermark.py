"""Taking a watermark off: one faint text that is repeated all over a page, beneath its print."""

from msgspec import Struct

from folio.documents.raster.pixels import Grey, components, shrink_to
from folio.preprocess.step import StepResult, Watermark, unchanged
from folio.preprocess.watermark_ink import ink_of
from folio.transform import Box

_SIDE_PX = 1000  # the longer side of what is looked at
_MIN_OFF_PAPER = 8  # levels by which a watermark is darker than paper,
_MIN_OFF_PRINT = 60  # and lighter than print
_DARKEST_SHARE = 0.003  # of a page's pixels, by which the shade of its print is told
_PRINT_SHARES = (0.005, 0.25)  # of the pixels of a page of text
_EDGE_PX = 3  # around print, where its own edges are as light
_SIZES = (0.008, 0.2)  # of a character, or of some that touch each other, in longer sides of the page
_MIN_PRINT_PX, _MIN_LARGER = 3, 1.3  # the height of print, and by how much larger than it a watermark is
_MAX_ASPECT, _MAX_FILL = 8, 0.75  # others are rules, shaded cells and boxes
_MIN_SHARE, _MAX_SHARE = 0.006, 0.25  # of the page, by its characters
_BOX_FILL, _MAX_BOXES = 0.9, 0.5  # of the box around one, by its outline; how much of all may be boxes
# The share of them that print lies on: less is grey text that stands beside the print, more is what is around print.
_BENEATH_SHARES = (0.1, 0.8)
_MIN_BENEATH_OF_PRINT = 0.5  # where print is scarce, as on half a page of a letter: of its own share of the page
_RARE = 0.05  # pixels of a shade, of those of the commonest
_RAMP = 24  # levels below a watermark's darkest shade in which print is made lighter, so that its edges stay soft
_COMPARED_PX = 512  # the longer side of what is compared with itself
_MIN_DISTANCE = 0.08  # between copies, in that side
_MIN_OVERLAP = 0.25  # of a page with itself, moved
_MIN_INK = 0.15  # of the characters' own that lies where both overlap: less is alike by chance
_MIN_LIKENESS = 0.75  # of both; drawn watermarks have 0.87 and more, 122 public pages 0.70 at most
# A page whose ground is evened: how wide strokes are that are no ground, and what it is smoothed by; the share of the
# page that is darker; and the likeness, which is 0.72 to 0.80 on photographs and cards, 0.56 at most without one.
_GROUND_PX, _EVEN_PX = 25, 15
_MIN_UNEVEN, _MIN_LIKENESS_EVENED = 0.1, 0.7
# As the ground there is lighter, print in a shadow becomes gray too. The darker quarter of its pixels has half of the
# ground's light; that of watermarks three quarters and more.
_MIN_OF_GROUND, _DARKER_PERCENTILE, _PAPER_PERCENTILE = 0.65, 25, 90


class _Mask(Struct, frozen=True):
    """Where a watermark's characters are, and what print covers, as 1; and the shade of the paper."""

    characters: Grey
    covered: Grey
    paper: int


def remove_watermark(image: Grey) -> StepResult:
    """Make what is as light as a repeated faint text as white as the paper, and the print as dark as before.

    Where a watermark shows only when the paper's own shades are evened, as on a photograph and on a sheet with
    copies of gray cards, the page is evened too.
    """
    import cv2
    import numpy as np

    small = shrink_to(image, _SIDE_PX)
    marks = _find(small, _MIN_LIKENESS)
    if marks is None:
        shade = _shade(small)
        if float((shade >= _MIN_OFF_PAPER).mean()) < _MIN_UNEVEN:
            return unchanged(image)
        evened = cv2.add(small, shade).astype(np.uint8, copy=False)
        marks = _find(evened, _MIN_LIKENESS_EVENED)
        if marks is None or not _is_faint(small, shade, marks.characters):
            return unchanged(image)
        small = evened
        image = cv2.add(image, cv2.resize(shade, image.shape[::-1])).astype(np.uint8, copy=False)
    darkest = _darkest(small[marks.characters > 0])
    levels = np.arange(256)
    levels[darkest - _RAMP : darkest] = np.linspace(darkest - _RAMP, 255, _RAMP)
    levels[darkest:] = 255
    ink = ink_of(image, marks.characters, marks.covered, (darkest, marks.paper))
    watermark = Watermark(_bounds(marks.characters, image), ink)
    return StepResult(cv2.LUT(image, levels.astype(np.uint8)).astype(np.uint8), watermark=watermark)


def _find(small: Grey, min_likeness: float) -> _Mask | None:
    import cv2
    import numpy as np

    counts = np.bincount(small.ravel(), minlength=256)
    print_shade = int(np.searchsorted(counts.cumsum(), _DARKEST_SHARE * small.size))
    paper = 128 + int(counts[128:].argmax())
    if not _PRINT_SHARES[0] <= counts[: print_shade + _MIN_OFF_PRINT].sum() / small.size <= _PRINT_SHARES[1]:
        return None
    dark = (small < print_shade + _MIN_OFF_PRINT).astype(np.uint8)
    covered = cv2.dilate(dark, np.ones((2 * _EDGE_PX + 1,) * 2, np.uint8)).astype(np.uint8)
    light = ((small < paper - _MIN_OFF_PAPER) & (covered == 0)).astype(np.uint8)
    if not _MIN_SHARE <= light.mean() <= _MAX_SHARE:
        return None
    mask = _characters(light, dark)
    if mask.mean() < _MIN_SHARE or not _lies_beneath(mask, covered) or _likeness(mask, covered) < min_likeness:
        return None
    if _boxes(mask) > _MAX_BOXES:
        return None
    return _Mask(mask, covered, paper)


def _shade(small: Grey) -> Grey:
    """Return by how many levels the ground of each pixel is darker than the lightest tenth of the page's ground."""
    import cv2
    import numpy as np

    ground = cv2.blur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_GROUND_PX,) * 2, np.uint8)), (_EVEN_PX,) * 2)
    shade: Grey = np.maximum(np.percentile(ground, _PAPER_PERCENTILE) - ground, 0).astype(np.uint8)
    return shade


def _is_faint(small: Grey, shade: Grey, characters: Grey) -> bool:
    """Return whether characters are hardly darker than the ground around them: print in a shadow is much darker."""
    import numpy as np

    inside = characters > 0
    paper = float(np.percentile(small + shade.astype(np.int16), _PAPER_PERCENTILE))
    of_ground = small[inside] / np.maximum(paper - shade[inside], 1.0)
    return float(np.percentile(of_ground, _DARKER_PERCENTILE)) >= _MIN_OF_GROUND


def _characters(light: Grey, dark: Grey) -> Grey:
    """Return 1 where what is light has the size and the looks of characters that are larger than those of the print."""
    import numpy as np

    side = max(light.shape)
    printed = components(dark).height
    printed = printed[printed >= _MIN_PRINT_PX]
    least = max(_SIZES[0] * side, _MIN_LARGER * float(np.median(printed)) if len(printed) else 0.0)
    faint = components(light)
    longer, shorter = np.maximum(faint.width, faint.height), np.minimum(faint.width, faint.height)
    is_sized = (longer >= least) & (longer <= _SIZES[1] * side) & (longer <= _MAX_ASPECT * shorter)
    return faint.mask(is_sized & (faint.area <= _MAX_FILL * faint.width * faint.height))


def _darkest(shades: Grey) -> int:
    """Return the darkest shade that the watermark has: what is darker and as rare is grey text of the page's own."""
    import numpy as np

    counts = np.convolve(np.bincount(shades, minlength=256), np.ones(5) / 5, "same")
    peak = int(counts.argmax())
    rare = np.flatnonzero(counts[:peak] < _RARE * counts[peak])
    return max(_RAMP, int(rare[-1]) if len(rare) else 0)


def _bounds(mask: Grey, image: Grey) -> Box:
    """Return where a mask's pixels are, in those of the image that it was made of."""
    import cv2

    x, y = image.shape[1] / mask.shape[1], image.shape[0] / mask.shape[0]
    left, top, width, height = cv2.boundingRect(mask)
    return left * x, top * y, (left + width) * x, (top + height) * y


def _lies_beneath(mask: Grey, covered: Grey) -> bool:
    """Return whether print lies on some of the characters, and others are free of it."""
    import cv2
    import numpy as np

    characters = components(mask)
    touched = np.unique(characters.labels[cv2.dilate(covered, np.ones((3, 3), np.uint8)) > 0])
    is_beneath = np.isin(np.arange(1, len(characters.area) + 1), touched)
    area_beneath = float(characters.area[is_beneath].sum() / characters.area.sum())
    least = min(_BENEATH_SHARES[0], _MIN_BENEATH_OF_PRINT * float(covered.mean()))
    return least <= area_beneath <= _BENEATH_SHARES[1]


def _boxes(mask: Grey) -> float:
    """Return what share of the characters' ink is that of boxes, full or the edges that evening left of them."""
    import cv2
    import numpy as np

    boxes = 0
    for outline in cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        left, top, width, height = cv2.boundingRect(outline)
        if cv2.contourArea(outline) > _BOX_FILL * (width - 1) * (height - 1):
            inside = np.zeros((height, width), np.uint8)
            cv2.fillPoly(inside, [outline - [[left, top]]], (1,))
            boxes += int((mask[top : top + height, left : left + width] & inside).sum())
    return boxes / int(mask.sum())


def _likeness(mask: Grey, covered: Grey) -> float:
    """Return how like themselves the characters are at the best distance of two copies, print left out: at most 1."""
    import cv2
    import numpy as np

    factor = _COMPARED_PX / max(mask.shape)
    free = 1 - cv2.resize((covered > 0).astype(np.float32), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = cv2.resize(mask.astype(np.float32), free.shape[::-1], interpolation=cv2.INTER_AREA)
    ink = cv2.GaussianBlur(ink, (0, 0), 1.5)
    off = (ink - float((ink * free).sum() / free.sum())) * free
    spectra = [np.fft.rfft2(one, [2 * side for side in free.shape]) for one in (off, off**2, free)]
    product, power, overlap = (
        np.fft.irfft2(spectra[one] * np.conj(spectra[other])) for one, other in ((0, 0), (1, 2), (2, 2))
    )
    opposite = np.roll(power[::-1, ::-1], 1, (0, 1))
    both = np.sqrt(np.maximum(power, 1e-6) * np.maximum(opposite, 1e-6))
    values = np.where(both >= _MIN_INK * power[0, 0], product / both, 0)
    rows, columns = (np.minimum(np.arange(side), side - np.arange(side)) for side in values.shape)
    is_distant = np.hypot(rows[:, None], columns[None]) >= _MIN_DISTANCE * _COMPARED_PX
    return float(values[is_distant & (overlap >= _MIN_OVERLAP * overlap[0, 0])].max(initial=0.0))
