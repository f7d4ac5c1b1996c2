"""Preparing a page image for the engine: small pure steps, composed into named recipes.

A step takes and returns a grey image (height x width, uint8, 0 black) and the transform from the new image's pixels
back to the old one's.
"""

from pathlib import Path

import msgspec

from folio import pixels
from folio.models import PageImage
from folio.preprocess.contrast import binarize_locally, even_light, local_contrast
from folio.preprocess.light import binarize, denoise, despeckle, flatten, whiten_frame
from folio.preprocess.regions import descreen, fill_holes, lighten_fields
from folio.preprocess.shape import deskew, normalize_dpi
from folio.preprocess.sheet import straighten_sheet
from folio.preprocess.step import Step

# A difference in brightness that ink makes and paper, its shadow and a scanner's noise do not.
_INK = 20
_LINE = 40  # pixels in a row that noise does not make
_LOOK = 2000  # pixels of the longer side: enough to see a hairline on, and quick


def is_blank(page: PageImage) -> bool:
    """Whether there is nothing on a page but paper: no mark darker or lighter than what is around it.

    In doubt it is not: a page taken for blank is not read.
    """
    import cv2

    image = pixels.load(page)
    longest = max(image.shape)
    if longest > _LOOK:
        size = max(1, image.shape[1] * _LOOK // longest), max(1, image.shape[0] * _LOOK // longest)
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype("uint8")
    around = cv2.blur(image, (51, 51))
    smooth = cv2.medianBlur(image, 3)  # single dots are dust, but so it takes lines of a single pixel
    if (cv2.absdiff(smooth, around) > _INK).any():
        return False
    marks = (cv2.absdiff(image, around) > _INK).astype("uint8")
    stats = cv2.connectedComponentsWithStats(marks, connectivity=8)[2][1:]
    return not bool((stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] >= _LINE).any())


_RECTIFY_PERSPECTIVE = Step("rectify_perspective", straighten_sheet)
_REMOVE_BORDER = Step("remove_border", whiten_frame)
_INVERT_DARK_REGIONS = Step("invert_dark_regions", lighten_fields)
_REMOVE_PUNCH_HOLES = Step("remove_punch_holes", fill_holes)
_FLATTEN_SHADING = Step("flatten_shading", flatten)
_NORMALIZE_ILLUMINATION = Step("normalize_illumination", even_light)
_DESCREEN = Step("descreen", descreen)
_DESPECKLE = Step("despeckle", despeckle)
_DESKEW = Step("deskew", deskew)
_NORMALIZE_TEXT_HEIGHT = Step("normalize_text_height", normalize_dpi)

RECIPES: dict[str, tuple[Step, ...]] = {
    "none": (),
    # The textbook recipe; the page is grey already when it comes here.
    "classic": (Step("denoise", denoise), Step("binarize", binarize)),
    # Each looks whether the page needs it.
    "auto": (
        _RECTIFY_PERSPECTIVE, _REMOVE_BORDER, _INVERT_DARK_REGIONS, _REMOVE_PUNCH_HOLES, _FLATTEN_SHADING, _DESCREEN,
        _DESPECKLE, _DESKEW, _NORMALIZE_TEXT_HEIGHT,
    ),
    "scan": (
        _REMOVE_BORDER, _INVERT_DARK_REGIONS, _REMOVE_PUNCH_HOLES, _DESPECKLE, _DESKEW, _NORMALIZE_TEXT_HEIGHT,
        Step("binarize_locally", binarize_locally),
    ),
    "photo": (
        _RECTIFY_PERSPECTIVE, _NORMALIZE_ILLUMINATION, _DESKEW, _NORMALIZE_TEXT_HEIGHT,
        Step("local_contrast", local_contrast),
    ),
    "receipt": (
        _RECTIFY_PERSPECTIVE, _REMOVE_BORDER, _NORMALIZE_ILLUMINATION, _DESPECKLE, _DESKEW, _NORMALIZE_TEXT_HEIGHT,
    ),
}  # fmt: skip


def prepare(page: PageImage, recipe: str, folder: Path) -> PageImage:
    """The page as the engine should see it, and how to get its coordinates back to the page.

    If no step had anything to do, the page's own file is handed on untouched.
    """
    steps = RECIPES[recipe]
    if not steps:
        return page
    image = pixels.load(page)
    to_page, skew, done = page.to_page, page.skew, []
    for step in steps:
        outcome = step.run(image)
        if outcome.done:
            image, to_page, skew = outcome.image, outcome.back.then(to_page), skew + outcome.skew
            done.append(f"{step.name} {outcome.note}".strip())
    if not done:
        return page
    target = folder / f"prepared{page.number}.pgm"
    pixels.save(image, target)
    return msgspec.structs.replace(page, path=target, to_page=to_page, skew=skew, steps=tuple(done))
