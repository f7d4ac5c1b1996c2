"""The ink of a line on which a shadow falls."""

import numpy as np
import pytest

from folio.documents.raster.pixels import Floats, Grey
from folio.providers.ppocr.text.ink import Ink, evened, ink_of

HEIGHT, WIDTH, PITCH, STROKE = 48, 960, 24, 8


def line(ground: Floats) -> Grey:
    """Strokes that take two thirds of the light of the ground on which they stand, which differs along the line."""
    image = np.repeat(ground[None], HEIGHT, axis=0)
    for left in range(PITCH, WIDTH - PITCH, PITCH):
        image[10:38, left : left + STROKE] /= 3
    return image.astype(np.uint8)


EVEN = np.full(WIDTH, 230.0)
SHADOW = np.where(np.arange(WIDTH) < WIDTH // 2, 70.0, 230.0)
FALLING = np.linspace(60.0, 235.0, WIDTH)


@pytest.mark.parametrize("ground", [SHADOW, FALLING, SHADOW[::-1]], ids=["left", "falling", "right"])
def test_the_ink_of_a_line_partly_in_shadow_is_its_strokes(ground: Floats) -> None:
    strokes = line(EVEN) < 128
    differs = (ink_of(line(ground)) > 0) != strokes
    differs[:, WIDTH // 2 - HEIGHT : WIDTH // 2 + HEIGHT] = False  # where the shadow ends
    assert differs.mean() < 0.01
    ink = Ink(line(ground))
    for left in (PITCH, 3 * PITCH, WIDTH - 4 * PITCH):
        middle = left + STROKE / 2
        assert ink.gap(middle, middle + PITCH) == (left + STROKE, left + PITCH)


def test_a_line_on_an_even_ground_is_left_as_it_is() -> None:
    for image in (line(EVEN), 255 - line(EVEN), line(EVEN)[:, :40]):
        assert evened(image) is image
