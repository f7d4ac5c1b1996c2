"""A line cut out of its page."""

from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.curved import Strip

if TYPE_CHECKING:
    from folio.providers.ppocr.lines.detection import Corners, Region

_UPRIGHT_RATIO = 1.5  # of height to width; what is higher runs downwards or upwards
_STANDING_RATIO = 4.0  # of height to width; what is higher is not a character


class Crop(Struct, frozen=True):
    """A line cut out of its page, upright and in the page's scaled resolution; `corners` are the crop's on the page.

    `strip` is where a bent line lies, `pitch` how far the cells of a form are apart in which its characters stand.
    """

    image: Grey
    corners: "Corners"
    strip: Strip | None = None
    pitch: float | None = None

    @property
    def key(self) -> int:
        """What tells it from the page's others."""
        return hash((self.corners.tobytes(), self.image.shape))

    @property
    def is_turned(self) -> bool:
        """Whether the line runs downwards on the page."""
        (x0, y0), (x1, y1) = self.corners[:2].tolist()
        return bool(abs(y1 - y0) > abs(x1 - x0))

    @property
    def length(self) -> int:
        """In pixels, along the text."""
        return int(self.image.shape[1])

    def flipped(self) -> "Crop":
        """Return the same line upside down."""
        return Crop(self.image[::-1, ::-1], self.corners[[2, 3, 0, 1]], self.strip and self.strip.flipped())

    @property
    def can_be_standing(self) -> bool:
        """Whether a line that runs downwards is so short that it can be one narrow character, such as an I."""
        return self.is_turned and self.length < _STANDING_RATIO * self.image.shape[0]

    @property
    def can_be_lying(self) -> bool:
        """Whether a line that runs to the right is so short that it can be a short word that runs downwards."""
        return not self.is_turned and self.strip is None and self.length < _UPRIGHT_RATIO * self.image.shape[0]

    def between(self, left: int, right: int) -> "Crop":
        """Return a part of the line, for its characters alone: its corners are those of the whole line."""
        return Crop(self.image[:, left:right], self.corners)

    def lying(self) -> "Crop":
        """Return a line that runs to the right as if it ran downwards."""
        return Crop(self.image[:, ::-1].T, self.corners[[1, 2, 3, 0]])

    def standing(self) -> "Crop":
        """Return a line that runs downwards as if it ran to the right."""
        return Crop(self.image.T[:, ::-1], self.corners[[3, 0, 1, 2]])


def crop(image: Grey, region: "Region") -> Crop:
    import cv2
    import numpy as np

    if isinstance(region, Strip):
        return Crop(region.straight(image), region.corners(), region)
    corners = region

    def side(start: int, end: int) -> float:
        return float(np.linalg.norm(corners[start] - corners[end]))

    width, height = (max(1, int(max(side(*one), side(*other)))) for one, other in (((0, 1), (2, 3)), ((0, 3), (1, 2))))
    if height >= width * _UPRIGHT_RATIO:
        corners, width, height = corners[[1, 2, 3, 0]], height, width
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    straighten = cv2.getPerspectiveTransform(corners - 0.5, target - 0.5)  # OpenCV's points are middles of pixels
    cut = cv2.warpPerspective(
        image, straighten, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return Crop(cut.astype(np.uint8, copy=False), corners)
