"""Whether a page is blank."""

from folio.documents import pixels
from folio.models import PageImage

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
