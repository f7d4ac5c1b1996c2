"""The ink of a stamp alone, of a part of a colored picture: what is printed under it is left out."""

from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAX_SIDE_PX = 1000  # letters of a seal are well told then
_MIN_LIGHT = 0.4  # of the paper's shade in the stamp's own channel; in what is darker the stamp's color is not told
_MIN_CONTRAST = 0.1  # between the paper's and the ink's share of the other channels
_FILL_PX = 3  # around each pixel that is filled from its neighbors


def ink_of(part: "NDArray[np.int16]", colored: "NDArray[np.uint8]", channel: int) -> Grey:
    """Return a stamp's ink black on white, reduced to 1000 pixels where it has more on a side.

    `colored` is 1 where a pixel has its color, `channel` is that color's.

    Ink takes the light of the other channels alone, black print that of all: their ratio is the ink's. Under print,
    where there is too little light for it, it is taken from around.
    """
    import cv2
    import numpy as np

    shrink = min(1.0, _MAX_SIDE_PX / max(colored.shape))
    if shrink < 1:
        part = cv2.resize(part, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA).astype(np.int16, copy=False)
    is_colored = cv2.resize(colored, part.shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0
    shade = part[..., channel].astype(np.float32)
    others = (part.sum(axis=2) - part[..., channel]).astype(np.float32) / 2
    is_light = shade > _MIN_LIGHT * np.percentile(shade, 90)
    ratio = others / np.maximum(shade, 1)
    paper = float(np.percentile(ratio[is_light & ~is_colored], 50)) if (is_light & ~is_colored).any() else 1.0
    inked = ratio[is_light & is_colored]
    darkest = float(np.percentile(inked, 25)) if inked.size else 0.0
    scale = 255 / max(_MIN_CONTRAST, paper - darkest)
    ink = np.clip((ratio - darkest) * scale, 0, 255).astype(np.uint8)
    return cv2.inpaint(ink, (~is_light).astype(np.uint8), _FILL_PX, cv2.INPAINT_TELEA).astype(np.uint8, copy=False)
