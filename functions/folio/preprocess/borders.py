"""The step that removes the black border around a scanned sheet."""

from folio.documents.raster.pixels import Grey, border, components, shrink_to
from folio.preprocess.step import StepResult, unchanged
from folio.preprocess.writing import SIDE_PX, has_writing

# Grey levels of 255.
MAX_DARK_LEVEL = 60  # a scanner's lid, or the table beside the sheet
_HOLES_PX = 31  # of the small copy: characters in a dark band are holes in it, and not larger


def remove_border(image: Grey) -> StepResult:
    """Replace the black border that a scanner or copier leaves around a sheet by paper.

    A dark band that bears writing is a part of the page.
    """
    import cv2
    import numpy as np

    dark = (image < MAX_DARK_LEVEL).astype(np.uint8)
    paper = float(np.median(image))
    if border(dark).mean() < 0.1 or paper < 2 * MAX_DARK_LEVEL:
        return unchanged(image)
    # What of the dark is thick and touches the edge: characters do neither.
    thick = components(cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)).astype("uint8"))
    touching = np.isin(np.arange(1, len(thick.area) + 1), np.unique(border(thick.labels)))
    if not touching.any():
        return unchanged(image)
    small = shrink_to(image, SIDE_PX)
    band = cv2.resize(thick.mask(touching), small.shape[::-1], interpolation=cv2.INTER_NEAREST)
    if has_writing(small, cv2.morphologyEx(band, cv2.MORPH_CLOSE, np.ones((_HOLES_PX, _HOLES_PX), np.uint8)) > 0):
        return unchanged(image)
    frame = cv2.dilate(thick.mask(touching), np.ones((7, 7), np.uint8))
    return StepResult(np.where(frame > 0, np.uint8(int(paper)), image).astype(np.uint8))
