"""Pages made of lines at places, as an engine gives them, for tests of what is made of them."""

from collections.abc import Sequence

from folio.models import Line, Page, Table, Word
from folio.text.spacing import is_wide
from folio.transform import box

WIDTH, HEIGHT = 800, 1000


def written(text: str, left: float = 50, top: float = 100, height: float = 20) -> Line:
    """Return a line whose letters are half as wide as it is high, Chinese characters as wide."""
    words, x = [], left
    for word in text.split():
        end = x + sum(height if is_wide(character) else height / 2 for character in word)
        words.append(Word(word, 0.9, box(x, top, end, top + height)))
        x = end + height / 2
    return Line(text, 0.9, box(left, top, x - height / 2, top + height), tuple(words))


def rows(*texts: str, left: float = 50, top: float = 100, pitch: float = 28, height: float = 20) -> list[Line]:
    return [written(text, left, top + pitch * index, height) for index, text in enumerate(texts)]


def page_of(*lines: Line, number: int = 1, tables: Sequence[Table] = ()) -> Page:
    text = "\n".join(line.text for line in lines)
    return Page(number=number, width=WIDTH, height=HEIGHT, dpi=96.0, text=text, lines=lines, tables=tuple(tables))
