"""A number stamped along the edge of a page, its digits apart; and accents that a page of English has none of."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from folio.config.options import AUTO
from folio.models import PageText
from folio.providers.ppocr.onnx.recognizer import Recognizer
from folio.providers.ppocr.page.reader import read_page
from tests.support.documents.drawings import draw

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.recognizer import Classes
    from folio.providers.ppocr.onnx.sessions import Floats

pytestmark = pytest.mark.slow("loads the networks")

LINES = ("the quick brown fox jumps over", "a lazy dog by the harbour wall", "and runs along the river bank")
NUMBER = "83553324"


def page(turn: Image.Transpose | None) -> Image.Image:
    """Lines and a number that runs along the edge, or, where `turn` is None, is a column of upright digits."""
    image = draw(*LINES, size=(900, 700), height=30, at=(40, 60)).image.convert("L")
    for index, digit in enumerate(NUMBER):
        drawn = draw(digit, size=(26, 34), height=26, at=(5, 2)).image.convert("L")
        if turn is None:
            image.paste(drawn, (820, 100 + 36 * index))
        else:
            place = index if turn == Image.Transpose.ROTATE_270 else len(NUMBER) - index
            image.paste(drawn.transpose(turn), (820, 100 + 24 * place))
    return image


def read(image: Image.Image, folder: Path) -> PageText:
    path = folder / "page.pgm"
    image.save(path)
    return read_page(path, (AUTO,))


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_90], ids=["downwards", "upwards"])
def test_a_number_along_the_edge_is_one_word(turn: Image.Transpose, tmp_path: Path) -> None:
    words = [word for line in read(page(turn), tmp_path).lines for word in line.words]
    assert [word.text for word in words if word.text.isdigit()] == [NUMBER]


def test_a_column_of_digits_stays_one(tmp_path: Path) -> None:
    words = [word.text for line in read(page(None), tmp_path).lines for word in line.words]
    assert sorted(word for word in words if word.isdigit()) == sorted(NUMBER)


def test_a_column_of_figures_is_told_by_few_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = [f"{217 + 31 * number}" for number in range(24)]
    image = draw(*LINES, size=(900, 1100), height=30, at=(40, 60)).image.convert("L")
    for index, figure in enumerate(figures):
        image.paste(draw(figure, size=(90, 34), height=24, at=(5, 2)).image.convert("L"), (700, 240 + 34 * index))
    every: list[int] = []
    probabilities = Recognizer.probabilities

    def recorded(recognizer: Recognizer, features: "Floats", classes: "Classes | None") -> "Floats":
        every.append(classes is None)
        return probabilities(recognizer, features, classes)

    monkeypatch.setattr(Recognizer, "probabilities", recorded)
    words = [word.text for line in read(image, tmp_path).lines for word in line.words]
    assert [word for word in words if word.isdigit()] == figures
    # Before the script is known: the longest lines, some spread over the page, and of the column three.
    assert sum(every) < len(figures), sum(every)
