"""Lines of large print in the place of the pieces that were found of them (`lines.large_print`)."""

from collections.abc import Sequence

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.large_print import LARGE_CONFIDENCE, MAX_LINES, covered_by, find_large
from folio.providers.ppocr.onnx.characters import Character, mean_probability, printed
from folio.providers.ppocr.onnx.networks import Networks
from folio.providers.ppocr.page.turning import Recognize
from folio.providers.ppocr.text.crop import Crop, crop

# Of a line that stands in what was taken for large print, as those of a sheet in a picture: how high it is at most, in
# heights of that, how many characters it has at least, and how clear they are. Pieces are as high, or tell nothing.
_MAX_HEIGHT, _MIN_CHARACTERS, _CLEAR = 0.35, 3, 0.9


def with_large(
    image: Grey, crops: list[Crop], networks: Networks, recognize: Recognize, attempt: Recognize
) -> list[Crop]:
    """Return the lines with those of large print instead of their pieces, where these are clear so.

    `recognize` reads a line, `attempt` what may be none.
    """
    if len(crops) > MAX_LINES:
        return crops
    for corners in find_large(image, networks):
        large = crop(image, corners)
        if max(mean_probability(attempt(one)) for one in (large, large.flipped())) < LARGE_CONFIDENCE:
            continue
        covered = covered_by(corners, [one.corners for one in crops])
        inside = [one for one, is_piece in zip(crops, covered, strict=True) if is_piece]
        low = [one for one in inside if one.image.shape[0] <= _MAX_HEIGHT * large.image.shape[0]]
        if not any(_is_clear(recognize(one)) or _is_clear(attempt(one.flipped())) for one in low):
            crops = [large, *(one for one, is_piece in zip(crops, covered, strict=True) if not is_piece)]
    return crops


def _is_clear(characters: Sequence[Character]) -> bool:
    return len(printed(characters)) >= _MIN_CHARACTERS and mean_probability(characters) >= _CLEAR
