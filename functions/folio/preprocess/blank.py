"""Whether a page is blank."""

from folio.documents import pixels
from folio.models import PageImage

# A difference in brightness (of 255) that ink makes and paper, its shadow and a scanner's noise do not.
_MIN_INK_LEVELS = 20
_MIN_LINE_PX = 40  # pixels in a row that noise does not make
_DETECT_SIDE_PX = 2000  # of the longer side: enough to see a hairline, and quick


def is_blank(page: PageImage) -> bool:
    """Return whether there is nothing on a page but paper: no mark darker or lighter than what is around it.

    In doubt the page is not blank: a page taken for blank is not read.
    """
    import cv2

    image = pixels.shrink_to(pixels.load(page), _DETECT_SIDE_PX)
    around = cv2.blur(image, (51, 51))
    smooth = cv2.medianBlur(image, 3)  # removes single dots, which are dust, but also lines of a single pixel
    if (cv2.absdiff(smooth, around) > _MIN_INK_LEVELS).any():
        return False
    marks = pixels.components((cv2.absdiff(image, around) > _MIN_INK_LEVELS).astype("uint8"))
    return not bool(((marks.width >= _MIN_LINE_PX) | (marks.height >= _MIN_LINE_PX)).any())
