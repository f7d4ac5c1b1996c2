"""A part of a page's drawing, for what is to be read of a page that needs no engine otherwise."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from folio.documents import pixels
from folio.documents.pixels import Grey
from folio.models import PageImage
from folio.transform import Box, Transform


def cut_out(image: PageImage, regions: Sequence[Box], folder: Path) -> PageImage:
    """Return the part of a page's drawing that holds the regions, with nothing on it outside of them."""
    whole = pixels.load(image)
    height, width = whole.shape
    boxes = [
        (max(0, int(a)), max(0, int(b)), min(width, int(c) + 1), min(height, int(d) + 1)) for a, b, c, d in regions
    ]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    part = _masked(whole, boxes)[top:bottom, left:right]
    target = folder / f"regions{image.number}.pgm"
    pixels.save(part, target)
    shift = Transform((1, 0, left, 0, 1, top, 0, 0, 1))
    # What poppler complained about is said of the page; here it would make an engine's silence an error.
    return msgspec.structs.replace(image, path=target, to_page=shift.then(image.to_page), complaints=0, warnings=())


def _masked(image: Grey, boxes: Sequence[tuple[int, int, int, int]]) -> Grey:
    """Return the image with the regions on the tone of what is around most of their writing."""
    import numpy as np

    tone = np.median(
        np.concatenate([pixels.border(image[top:bottom, left:right]) for left, top, right, bottom in boxes])
    )
    masked = np.full_like(image, int(tone))
    for left, top, right, bottom in boxes:
        masked[top:bottom, left:right] = image[top:bottom, left:right]
    return masked
