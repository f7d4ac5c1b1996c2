"""Recipes: the steps that prepare a page image for the engine, in their order."""

from pathlib import Path

import msgspec

from folio.documents.raster import pixels
from folio.models import Ink, PageImage, Preparation, Seal
from folio.preprocess.borders import remove_border
from folio.preprocess.deskew import deskew
from folio.preprocess.illumination import flatten_shading, local_contrast, normalize_illumination
from folio.preprocess.noise import denoise, despeckle
from folio.preprocess.perspective import rectify_perspective
from folio.preprocess.regions import descreen, invert_dark_regions, remove_punch_holes
from folio.preprocess.scale import normalize_text_height
from folio.preprocess.step import Step
from folio.preprocess.threshold import binarize, binarize_locally
from folio.preprocess.watermark import remove_watermark
from folio.transform import box

_RECTIFY_PERSPECTIVE = Step("rectify_perspective", rectify_perspective)
_REMOVE_WATERMARK = Step("remove_watermark", remove_watermark)
_REMOVE_BORDER = Step("remove_border", remove_border)
_INVERT_DARK_REGIONS = Step("invert_dark_regions", invert_dark_regions)
_REMOVE_PUNCH_HOLES = Step("remove_punch_holes", remove_punch_holes)
_FLATTEN_SHADING = Step("flatten_shading", flatten_shading)
_NORMALIZE_ILLUMINATION = Step("normalize_illumination", normalize_illumination)
_DESCREEN = Step("descreen", descreen)
_DESPECKLE = Step("despeckle", despeckle)
_DESKEW = Step("deskew", deskew)
_NORMALIZE_TEXT_HEIGHT = Step("normalize_text_height", normalize_text_height)

RECIPES: dict[str, tuple[Step, ...]] = {
    "none": (),
    # The textbook recipe; the page is grey already when it comes here.
    "classic": (Step("denoise", denoise), Step("binarize", binarize)),
    # Each looks whether the page needs it.
    "auto": (
        _RECTIFY_PERSPECTIVE, _REMOVE_WATERMARK, _REMOVE_BORDER, _INVERT_DARK_REGIONS, _REMOVE_PUNCH_HOLES,
        _FLATTEN_SHADING, _DESCREEN, _DESPECKLE, _DESKEW, _NORMALIZE_TEXT_HEIGHT,
    ),
    "scan": (
        _REMOVE_WATERMARK, _REMOVE_BORDER, _INVERT_DARK_REGIONS, _REMOVE_PUNCH_HOLES, _DESPECKLE, _DESKEW,
        _NORMALIZE_TEXT_HEIGHT,
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


# The same for engines that are neural networks: what they bear is left out, measured step by step.
NEURAL_RECIPES: dict[str, tuple[Step, ...]] = {
    "none": (),
    "classic": RECIPES["classic"],
    "auto": (_RECTIFY_PERSPECTIVE, _REMOVE_WATERMARK, _DESPECKLE),
    "scan": (_REMOVE_WATERMARK, _DESPECKLE),
    "photo": (_RECTIFY_PERSPECTIVE,),
    "receipt": (_RECTIFY_PERSPECTIVE, _DESPECKLE),
}

# What strips of a drawn page on a sheet of their own have no need of: the sheet has no edges, holes, shade or tilt, and
# a watermark is in pieces.
_OF_WHOLE_PAGES = (
    _RECTIFY_PERSPECTIVE, _REMOVE_WATERMARK, _REMOVE_BORDER, _REMOVE_PUNCH_HOLES, _FLATTEN_SHADING, _DESKEW,
)  # fmt: skip


def prepare(
    page: PageImage, recipe: str, folder: Path, preparation: Preparation = "classical", is_sheet: bool = False
) -> PageImage:
    """The page as an engine of that kind should see it, and how to get its coordinates back to the page.

    If no step had anything to do, the page's own file is handed on untouched. `is_sheet`: it is strips of a page.
    """
    steps = (NEURAL_RECIPES if preparation == "neural" else RECIPES)[recipe]
    if is_sheet:
        steps = tuple(step for step in steps if step not in _OF_WHOLE_PAGES)
    if not steps:
        return page
    image = pixels.load(page)
    to_page, skew, seals, inks, done = page.to_page, page.skew, page.seals, page.inks, []
    for step in steps:
        outcome = step.run(image)
        if outcome.done:
            image, to_page, skew = outcome.image, outcome.back.then(to_page), skew + outcome.skew
            done.append(f"{step.name} {outcome.note}".strip())
            if outcome.watermark:
                polygon = to_page.polygon(box(*outcome.watermark.box))
                ink = folder / f"watermark{page.number}-{preparation}.pgm"
                pixels.save(outcome.watermark.ink, ink)
                seals = (Seal(kind="watermark", text="", polygon=polygon), *seals)
                inks = (Ink(ink, is_repeated=True), *inks)
    if not done:
        return page
    target = folder / f"prepared{page.number}-{preparation}.pgm"
    pixels.save(image, target)
    return msgspec.structs.replace(
        page, path=target, to_page=to_page, skew=skew, seals=seals, inks=inks, steps=(*page.steps, *done)
    )
