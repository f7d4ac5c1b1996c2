"""Lines of sentences beside figures."""

from tests.unit.text.test_reading_order import LEADING, PROSE, Piece, names, piece, read


def test_lines_of_sentences_beside_a_table_of_figures_are_read_by_themselves() -> None:
    """Some of its rows stand on their lines, by chance."""
    labels = [
        piece(text, left, 1.03 * at * LEADING)
        for at in range(10)
        for text, left in ((f"l{at} Mills", 0), (f"{at}1.5", 100), (f"{at}2.7", 160))
    ]
    lines = [piece(f"t{at} {PROSE}", 240, at * LEADING, 240) for at in range(10)]
    rows = [[f"l{at}", f"{at}1.5", f"{at}2.7"] for at in range(10)]
    assert read([*labels, *lines]) == [*rows, *names("t", 10)]


def test_wrapped_labels_beside_their_figures_are_read_row_by_row() -> None:
    labels = [piece(f"t{at} {PROSE}", 0, at * LEADING, 240) for at in range(10)]
    figures = [piece(f"{at}1.5", 280, at * LEADING) for at in range(0, 10, 2)]
    assert read([*labels, *figures]) == [[f"t{at}", f"{at}1.5"] if at % 2 == 0 else [f"t{at}"] for at in range(10)]


def narrow(name: str, left: float) -> list[Piece]:
    """Lines of two or three short words."""
    texts = ("ran past the", "and on to", "the sea as", "no one had it")
    return [piece(f"{name}{at} {texts[at % 4]}", left, at * LEADING) for at in range(12)]


def test_columns_so_narrow_that_lines_have_two_words_are_read_one_after_the_other() -> None:
    assert read([*narrow("a", 0), *narrow("b", 130), *narrow("c", 260)]) == [
        *names("a", 12),
        *names("b", 12),
        *names("c", 12),
    ]
