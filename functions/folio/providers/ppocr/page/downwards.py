"""Lines that run downwards, in the place of their characters that were found one by one (`lines.stacked`)."""

import math
from collections.abc import Sequence

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.stacked import find_stacks
from folio.providers.ppocr.onnx.characters import mean, mean_probability, printed
from folio.providers.ppocr.page.turning import MIN_GAIN, Recognize
from folio.providers.ppocr.text.crop import Crop, crop

_MIN_PROBABILITY = 0.9  # on average, of such a line's characters
_CELLS = 3  # parts above each other, by which it is told whether they are a table's column


def with_stacks(image: Grey, crops: list[Crop], recognize: Recognize, attempt: Recognize) -> list[Crop]:
    """Return the lines with those that run downwards instead of their characters, where these are clear so.

    `recognize` reads a line, `attempt` what may be none.
    """
    alone: set[int] = set()
    joined: list[Crop] = []
    for indices, corners in find_stacks([one.corners for one in crops]):
        stack, parts = crop(image, corners), [crops[index] for index in indices]
        if _are_cells(parts[:: math.ceil(len(parts) / _CELLS)], recognize):
            continue
        apart = [printed(recognize(part)) for part in parts]
        least = _mean_probability(parts, recognize) + MIN_GAIN
        if least >= 1 and max(map(len, apart)) > 1:
            continue  # the cells of a table's column
        characters = max((attempt(one) for one in (stack, stack.flipped())), key=mean_probability)
        text = printed(characters)
        # Characters that lie on their left side are read alone too; their line runs upwards.
        is_same = text == "".join(reversed(apart)) != "".join(apart)
        is_surer = mean_probability(characters) > max(_MIN_PROBABILITY, 0.0 if is_same else least)
        if len(text) >= len(parts) and is_surer:
            joined.append(stack)
            alone.update(indices)
    return [*(one for index, one in enumerate(crops) if index not in alone), *joined]


def _are_cells(parts: Sequence[Crop], recognize: Recognize) -> bool:
    """Return whether parts are words that are clear by themselves: cells of a table's column."""
    is_clear = _mean_probability(parts, recognize) + MIN_GAIN >= 1
    return is_clear and min(len(printed(recognize(part))) for part in parts) > 1


def _mean_probability(lines: Sequence[Crop], recognize: Recognize) -> float:
    return mean([mean_probability(recognize(one)) for one in lines])
