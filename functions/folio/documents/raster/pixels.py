"""Grey images in files and the idioms of working on them, for whoever touches pixels."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from folio.documents.raster import pgm
from folio.errors import EngineFailed
from folio.models import PageImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Grey = NDArray[np.uint8]  # height x width, 0 black
    type Mask = NDArray[np.bool_]
    type Counts = NDArray[np.int32]
    type Labels = NDArray[np.integer]
    type Floats = NDArray[np.float64]
else:
    Grey = Mask = Counts = Labels = Floats = object


def load(page: PageImage) -> Grey:
    """Read the image of a page. Raises EngineFailed if its file is incomplete."""
    image = read(page.path)
    if image is None:
        raise EngineFailed(f"The drawing of page {page.number} is incomplete; the scratch space may be full.")
    return image


def read(path: Path) -> Grey | None:
    """Read a grey image that Folio wrote; None if its file is incomplete or not there."""
    if (header := pgm.header_of(path)) is not None:
        import numpy as np

        flat = np.fromfile(path, np.uint8, header.width * header.height, offset=header.offset)
        return flat.reshape(header.height, header.width)
    import cv2

    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    return None if image is None else image.astype("uint8", copy=False)


def save(image: Grey, target: Path) -> None:
    """Write an image in the format that the name's ending tells. Raises OSError."""
    import cv2

    if not cv2.imwrite(str(target), image):
        raise OSError("The image could not be written.")


def shrink_to(image: Grey, longest_side: int) -> Grey:
    """Return the image reduced to at most `longest_side` pixels on its longer side; never enlarged."""
    import cv2

    height, width = image.shape
    scale = min(1.0, longest_side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype("uint8")


def stretch_to(mask: Grey, shape: tuple[int, ...]) -> Grey:
    """Return a mask made on a small copy at the size of the image itself; `shape` is height and width."""
    import cv2

    return cv2.resize(mask, shape[1::-1], interpolation=cv2.INTER_NEAREST).astype("uint8", copy=False)


def border[T: np.generic](image: "NDArray[T]") -> "NDArray[T]":
    """Return the outermost pixels on all four sides, in a row."""
    import numpy as np

    return np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])


class Components(Struct, frozen=True):
    """The connected components of a mask, without its background, in the same order in all arrays; in pixels.

    `labels` (height x width) is 0 on the background and n + 1 on the component at index n; `centers` are x and y.
    """

    labels: Labels
    left: Counts
    top: Counts
    width: Counts
    height: Counts
    area: Counts
    centers: Floats

    def mask(self, chosen: Mask) -> Grey:
        """Return 1 where the chosen components are and 0 elsewhere."""
        import numpy as np

        return np.concatenate([[False], chosen]).astype(np.uint8)[self.labels]

    def corners(self) -> Counts:
        """Return left, top, right and bottom of all components (n x 4)."""
        import numpy as np

        return np.stack([self.left, self.top, self.left + self.width, self.top + self.height], axis=1)

    def boxes(self, chosen: Mask | None = None) -> list[tuple[int, int, int, int]]:
        """Return left, top, right and bottom of the chosen components, or of all."""
        boxes = self.corners()
        return [(int(a), int(b), int(c), int(d)) for a, b, c, d in (boxes if chosen is None else boxes[chosen])]


def components(mask: Grey) -> Components:
    """Find what is connected in a mask (uint8, not 0), diagonals included."""
    import cv2

    try:
        # With labels of 16 bits it takes a third of the time.
        _, labels, stats, centers = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_16U)
    except cv2.error:  # so many labels that they do not fit
        _, labels, stats, centers = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    left, top, width, height, area = stats[1:].astype("int32", copy=False).T
    middles = centers[1:].astype("float64", copy=False)
    return Components(cast("Labels", labels), left, top, width, height, area, middles)
