"""Words are left out of a searchable PDF where it says the same at the same place."""

from collections.abc import Sequence

import pytest

from folio.documents.pdf.text_page import TextBox, TextPage
from folio.models import Line, Page, Word
from folio.outputs.pdf.existing_text import without_existing
from folio.transform import Box, box

AREA = (100, 100, 200, 120)


def page(*words: Word, origin: str = "ocr") -> Page:
    line = Line(" ".join(word.text for word in words), 0.9, box(0, 100, 1000, 120), words)
    return Page(number=1, width=1000, height=1000, dpi=144, origin=origin, lines=(line,))  # type: ignore[arg-type]


def remaining(found: Sequence[tuple[str, Box]], *words: Word) -> list[str]:
    """The words that are left beside `found`, whose boxes are in points: half the pixels."""
    boxes = [TextBox(text, (a / 2, b / 2, c / 2, d / 2)) for text, (a, b, c, d) in found]
    existing = TextPage(500, 500, [[boxes]])
    return [word.text for line in without_existing(page(*words), existing).lines for word in line.words]


@pytest.mark.parametrize("text", ["Lantern", "lantern,", "(lantern)", "ｌａｎｔｅｒｎ"])
def test_the_same_word_at_the_same_place_is_left_out(text: str) -> None:
    assert remaining([(text, AREA)], Word("lantern", 0.9, box(*AREA))) == []


@pytest.mark.parametrize(
    ("text", "area"), [("lamtern", AREA), ("lantern", (100, 130, 200, 150)), ("lantern", (160, 100, 260, 120))]
)
def test_another_word_or_place_is_not(text: str, area: Box) -> None:
    assert remaining([(text, area)], Word("lantern", 0.9, box(*AREA))) == ["lantern"]


def test_parts_and_longer_words_count() -> None:
    parts = [("lan", (100, 100, 140, 120)), ("tern", (141, 100, 200, 120))]
    assert remaining(parts, Word("lantern", 0.9, box(*AREA))) == []
    longer = [("old-lantern-oil", (50, 100, 250, 120))]
    assert remaining(longer, Word("lantern", 0.9, box(*AREA)), Word("ferry", 0.9, box(300, 100, 400, 120))) == ["ferry"]


def test_signs_alone_are_compared_as_they_are() -> None:
    assert remaining([("-", AREA)], Word("-", 0.9, box(*AREA))) == []
    assert remaining([("x", AREA)], Word("-", 0.9, box(*AREA))) == ["-"]


def test_words_without_a_confidence_come_from_the_layer_unless_an_engine_read_the_page() -> None:
    own, read = Word("lantern", None, box(*AREA)), Word("ferry", 0.9, box(300, 100, 400, 120))
    kept = without_existing(page(own, read, origin="text-layer"), None)
    assert [word.text for line in kept.lines for word in line.words] == ["ferry"]
    assert without_existing(page(own, read), None) == page(own, read)
