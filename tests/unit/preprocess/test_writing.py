"""Writing beside a sheet is told from what tables, cloth and keyboards look like."""

import cv2
import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.preprocess.writing import has_writing
from tests.support.documents.sheets import grain

SIZE = (450, 600)
EVERYWHERE = np.ones(SIZE, bool)


def noisy(image: "cv2.typing.MatLike") -> Grey:
    blurred = cv2.GaussianBlur(image.astype(np.float32), (0, 0), 0.7)
    return np.clip(blurred + np.random.default_rng(3).normal(0, 2.5, SIZE), 0, 255).astype(np.uint8)


def written(text: str, ground: Grey, scale: float, level: int, at: tuple[int, int] = (60, 200)) -> Grey:
    return noisy(cv2.putText(ground.copy(), text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, level, 1 + round(scale)))


def plain(level: int = 40) -> Grey:
    return np.full(SIZE, level, np.uint8)


def weave() -> Grey:
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    over = (x // 9 + y // 9) % 2 > 0
    return noisy(40 + 90 * np.where(over, np.abs(np.sin(x / 9 * np.pi)), 0.3 * np.abs(np.sin(y / 9 * np.pi))))


def wood() -> Grey:
    y = np.mgrid[: SIZE[0], : SIZE[1]][0]
    return noisy(60 + 30 * np.sin((y + 0.12 * grain(*SIZE, 30.0)) / 3) + 0.3 * (grain(*SIZE, 3.0).astype(float) - 128))


def stripes() -> Grey:
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    return noisy(np.where((x + y // 3) % 16 < 4, 120, 40))


def dotted() -> Grey:
    image = plain()
    for y in range(10, SIZE[0], 16):
        for x in range(10, SIZE[1], 16):
            cv2.circle(image, (x, y), 4, 180, -1)
    return noisy(image)


def keyboard() -> Grey:
    image = plain()
    for row, top in enumerate(range(300, 450, 50)):
        for key, left in enumerate(range(15 * row, 560, 50)):
            cv2.rectangle(image, (left, top), (left + 44, top + 44), 28, -1)
            cv2.putText(image, "QWERTYUIOPAS"[key], (left + 8, top + 22), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 220, 1)
    return noisy(image)


@pytest.mark.parametrize("scale", [0.4, 0.7, 1.5])
@pytest.mark.parametrize(("ground", "level"), [(40, 220), (15, 80), (90, 200), (200, 40)])
def test_a_line_of_characters_is_writing(scale: float, ground: int, level: int) -> None:
    image = written("Serial No 8842", plain(ground), scale, level)
    assert has_writing(image, EVERYWHERE)
    assert has_writing(np.ascontiguousarray(image.T), EVERYWHERE.T), "it may lie on its side"


@pytest.mark.parametrize("ground", [plain(), weave(), wood(), stripes(), dotted(), keyboard()])
def test_what_a_sheet_lies_on_is_not(ground: Grey) -> None:
    assert not has_writing(ground, EVERYWHERE)


def test_writing_is_looked_for_where_it_is_wanted() -> None:
    image = written("Serial No 8842", plain(), 0.7, 220)
    where = EVERYWHERE.copy()
    where[150:250] = False
    assert not has_writing(image, where)
    assert not has_writing(image, ~EVERYWHERE)


def test_lines_set_close_together_are_writing() -> None:
    image = plain()
    for line in range(8):
        cv2.putText(image, "Insert your card here", (40, 60 + 22 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 210, 1)
    assert has_writing(noisy(image), EVERYWHERE)
