"""Values that are printed on a form in another place than it has for them: moved back beside their labels."""

from collections.abc import Iterable, Sequence
from statistics import median

from folio.structure.fields.labels import find_all, pattern
from folio.structure.fields.rows import Row, Span, shifted

# In heights of the text: how far off print may be, from where on it is moved, and how much it differs in one form.
_MAX_OFF, _MIN_OFF, _MAX_SPREAD = 1.3, 0.2, 0.3
_MIN_PAIRS = 3  # that agree


def registered(rows: Sequence[Row], pairs: Iterable[tuple[str, str]], labels: str) -> Sequence[Row]:
    """Return the rows with all that is no label moved up or down to the labels, where the form's print is off.

    `pairs` are patterns of labels and of the values that alone can stand beside them: they tell how far it is off.
    `labels` is a pattern of all that is printed with the form.
    """
    measured = [_off(label, values) for words, value in pairs if (values := list(find_all(rows, value)))
             for label in find_all(rows, pattern(words).pattern)]  # fmt: skip
    offs = [off for off in measured if off is not None]
    if len(offs) < _MIN_PAIRS:
        return rows
    usual = median(offs)
    height = median(row.height for row in rows)
    agreeing = [off for off in offs if abs(off - usual) < _MAX_SPREAD * height]
    if abs(usual) < _MIN_OFF * height or len(agreeing) < max(_MIN_PAIRS, 2 * len(offs) / 3):
        return rows
    of_form = {token.segment for span in find_all(rows, pattern(labels).pattern) for token in span.tokens}
    numbers = {token.segment for row in rows for token in row.tokens}
    return shifted(rows, dict.fromkeys(numbers - of_form, -median(agreeing)))


def _off(label: Span, values: Sequence[Span]) -> float | None:
    """Return how much lower than a label the nearest value to the right of it stands; None without one."""
    left, top, _, bottom = label.box
    middle, height = (top + bottom) / 2, label.row.height
    offs = [(one.box[1] + one.box[3]) / 2 - middle for one in values if one.box[0] > left]
    near = [off for off in offs if abs(off) < _MAX_OFF * height]
    return min(near, key=abs, default=None)
