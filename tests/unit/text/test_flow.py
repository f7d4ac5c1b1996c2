"""Text that goes on beside a box or a picture, where how much stands above it tells."""

import pytest

from tests.unit.text.test_reading_order import LEADING, column, names, piece, read


@pytest.mark.parametrize(("count", "is_caption"), [(3, True), (9, False)])
def test_what_stands_above_a_column_in_which_a_sentence_goes_on_is_a_caption_if_it_is_short(
    count: int, is_caption: bool
) -> None:
    """More lines that end within a sentence are text beside a picture, and go on below it."""
    above = [piece(f"c{at} a picture of the town", 540, 40 + at * LEADING, 120) for at in range(count)]
    below = column("r", 540, 40 + (count + 2) * LEADING, 6)
    pieces = [*column("l", 20, 40, 18), *column("m", 280, 40, 18), *above, *below]
    texts = (names("r", 6), names("c", count)) if is_caption else (names("c", count), names("r", 6))
    assert read(pieces) == [*names("l", 18), *names("m", 18), *texts[0], *texts[1]]
