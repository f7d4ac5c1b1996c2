"""The ink of a watermark alone, as what it says is read."""

from folio.documents.raster.pixels import Grey, components, shrink_to

_SIDE_PX = 1600  # the longer side
_GAP_PX = 13  # strokes and edges of print across a stroke of the watermark, on its mask


def ink_of(image: Grey, mask: Grey, covered: Grey, shades: tuple[int, int]) -> Grey:
    """Return a watermark black on white, its longer side 1600 pixels at most.

    `mask` and `covered` are 1 where its characters are and where print lies or is near, on a smaller image of the page;
    `shades` are its darkest and the paper's. What print covers is closed from both sides.
    """
    import cv2
    import numpy as np

    large = shrink_to(image, _SIDE_PX)
    size = large.shape[1], large.shape[0]
    characters = components(mask)
    reach = round(float(np.median(np.maximum(characters.width, characters.height))))
    # What is thin, small, or a mere stroke is not on the mask, but between what is.
    lines = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8), borderValue=0)
    is_near = cv2.resize(cv2.dilate(lines, np.ones((3, 3), np.uint8)), size, interpolation=cv2.INTER_NEAREST) > 0
    is_covered = cv2.resize(covered, size, interpolation=cv2.INTER_NEAREST) > 0
    darkest, paper = shades
    ink = np.clip((large.astype(np.float32) - darkest) * 255 / (paper - darkest), 0, 255).astype(np.uint8)
    ink[~is_near | is_covered] = 255
    gap = round(_GAP_PX * max(size) / max(mask.shape))
    closed = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap)))
    return np.where(is_covered, closed, ink).astype(np.uint8)
