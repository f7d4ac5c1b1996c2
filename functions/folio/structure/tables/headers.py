"""How many rows of a table name its columns, told by what stands in them: lines say nothing of that."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

from folio.structure.tables.drafts import Draft
from folio.structure.tables.tokens import is_figure, text_of, words_in
from folio.structure.tables.wrapped import is_date

_MAX_ROWS = 3
_MIN_FIGURES = 0.4  # of the cells of the first row below a header; of the body's, if names are beside few of them
_MIN_ROWS_OF_WORDS = 3  # of a table without figures, that a header can be told from
_MAX_WORDS, _MIN_LONGER = 4.0, 1.5  # of a header's cell on average; by how much those below it are longer


def header_rows(cells: Sequence[Draft]) -> int:
    """Return how many rows at the top of a table name its columns: none have figures, and all columns a name."""
    rows: defaultdict[int, list[Draft]] = defaultdict(list)
    for cell in cells:
        rows[cell.top].append(cell)
    columns = max(cell.right for cell in cells) + 1
    first = _first_of_figures(rows)
    if first is None:
        return int(_is_header_of_words(rows, columns))
    header = [cell for cell in cells if cell.top < first]
    first = max((cell.bottom + 1 for cell in header), default=0)
    named = {column for cell in header for column in range(cell.left, cell.right + 1)}
    # The corner above the names of rows may be blank.
    is_named = named >= set(range(1, columns)) and all(words_in(cell.tokens) <= 2 * _MAX_WORDS for cell in header)
    return first if is_named and first <= _MAX_ROWS and first < len(rows) else 0


def _first_of_figures(rows: dict[int, list[Draft]]) -> int | None:
    """Return the first row with figures besides years and dates."""
    for row in sorted(rows):
        texts = [text_of(cell.tokens) for cell in rows[row] if cell.tokens]
        figures = [text for text in texts if is_figure(text) and not text[0].isalpha()]  # not Q1, not EU-15
        if len(texts) > 1 and len(figures) >= _MIN_FIGURES * len(texts) and not all(map(is_date, texts[1:])):
            return row
    return None


def _is_header_of_words(rows: dict[int, list[Draft]], columns: int) -> bool:
    """Return whether the first row of a table of words names its columns: short texts, one each, above longer ones."""
    top = rows[min(rows)]
    if len(rows) < _MIN_ROWS_OF_WORDS or len([cell for cell in top if cell.tokens]) < columns or columns < 2:
        return False
    below = [words_in(cell.tokens) for row, others in rows.items() if row > min(rows) for cell in others if cell.tokens]
    names = fmean(words_in(cell.tokens) for cell in top)
    return bool(below) and names <= _MAX_WORDS and fmean(below) >= _MIN_LONGER * names
