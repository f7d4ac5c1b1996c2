"""The sums of a Chinese VAT invoice: of amounts, of taxes, and of both, in figures beside the words."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from folio.structure.fields import checks
from folio.structure.fields.labels import Found, find_all
from folio.structure.fields.rows import Row, Span

FIGURES = r"[¥Y]?\s?-?\d[\d,]*\s?\.\s?\d{2}(?!\d)"
# Three asterisks stand where there is no tax; small as they are, they are read as characters, two of them alike.
STARS = r"(?:(?P<a>[^\s\d%])(?: ?(?P=a)(?: ?[^\s\d])?| ?[^\s\d] ?(?P=a))|[^\s\d%] ?(?P<b>[^\s\d%]) ?(?P=b))"
# What characters of amounts are read as: others of the same look, which amounts do not have.
_LIKE = "参叄式弍五任什集染漆肄捨伯百圓园员雾查臺甬公致政陸"
_ALIKE = str.maketrans(_LIKE, "叁叁贰贰伍仟仟柒柒柒肆拾佰佰圆圆圆零壹壹角分玖玖陆")
_SIGNS, _ENDS = "零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿", "圆元角分整正"
WORDS = (
    rf"(?:负|\(\s?负\s?数\s?\)\s?)?(?:[{_LIKE}]{{1,2}}(?=[{_SIGNS}])|[{_SIGNS}])"
    rf"(?:[{_SIGNS}{_ENDS}{_LIKE} ]*[{_SIGNS}{_ENDS}])?"
)
_EXEMPT = r"免\s*税|不\s*征\s*税"
_MAX_OFF = 1.0  # heights between the total in figures and the one in words, which stand beside each other


def sums(rows: Sequence[Row]) -> Iterator[Found]:
    """Find the sums of amounts and of taxes: beside 合计, or on bent pages near its row, with a currency's sign."""
    total = next(find_all(rows, r"价\s*税\s*合\s*计"), None)
    beside: list[Found] = []
    is_exempt = next(find_all(rows, _EXEMPT), None) is not None
    for row in rows:
        start = re.search(r"(?<!税)(?<!税\s)合\s*计", row.text)
        if start and "价" not in row.text[: start.start()]:
            spans = [span for span in find_all([row], FIGURES) if span.start >= start.end()]
            beside = [Found("", "合计", (span,)) for span in spans]
            if len(beside) == 1 and (none := _no_tax(row, start.end(), spans[0].end, is_exempt=is_exempt)):
                beside.append(none)
            break
    if len(beside) != 2 and total:
        above = [row for row in rows if row is not total.row and row.tokens[0].box[1] < total.box[1]]
        signed = sorted(find_all(above, r"[¥YV]\s?-?\d[\d,]*[. ]\d{2}(?!\d)"), key=lambda span: span.box[0])
        signed = _without_total(signed)
        beside = [Found("", "合计", (span,), form=_with_point(span.text)) for span in signed]
    if len(beside) == 2:
        names = "amount_without_tax", "tax_amount"
        yield from (msgspec.structs.replace(one, name=name) for name, one in zip(names, beside, strict=True))
    elif len(beside) == 1 and (name := _column(beside[0].spans[0], rows)):
        yield msgspec.structs.replace(beside[0], name=name)


def _with_point(amount: str) -> str:
    """Return an amount whose point a rule hides with one."""
    return re.sub(r"(?<=\d) (?=\d\d$)", ".", amount)


def _without_total(signed: list[Span]) -> list[Span]:
    """Return the two sums of three amounts, of which the third is the total that they make, if it stands so high."""
    worth = [checks.cents(_with_point(span.text)) for span in signed]
    for at, one in enumerate(worth):
        others = [other for index, other in enumerate(worth) if index != at and other is not None]
        if len(worth) == 3 and len(others) == 2 and one == sum(others):
            return [span for index, span in enumerate(signed) if index != at]
    return signed


def _no_tax(row: Row, start: int, end: int, *, is_exempt: bool) -> Found | None:
    """Return what stands in place of a tax: asterisks or 免税 after 合计, or what asterisks were read as."""
    if none := re.search(r"\*{1,3}|免税", row.text[start:]):
        return Found("", "合计", (row.span(start + none.start(), start + none.end()),))
    signs = rf"{STARS}|[^\s\d]{{3}}" if is_exempt else STARS
    if stars := re.compile(rf"\s*(?P<stars>{signs})(?=\s|$)").match(row.text, end):
        return Found("", "合计", (row.span(*stars.span("stars")),), form="***")
    return None


def _column(sum_of: Span, rows: Sequence[Row]) -> str:
    """Return which sum one is that stands alone, by the names of the columns that it ends nearer to."""
    heads = [next(find_all(rows, words), None) for words in (r"金\s*额", r"税\s*额")]
    ends = [abs((head.box[0] + head.box[2]) / 2 - (sum_of.box[0] + sum_of.box[2]) / 2) for head in heads if head]
    if len(ends) < len(heads):
        return "amount_without_tax" if next(find_all(rows, _EXEMPT), None) else ""
    return "amount_without_tax" if ends[0] < ends[1] else "tax_amount"


def with_total(matches: Sequence[Found], rows: Sequence[Row]) -> list[Found]:
    """Return what was found with the total in figures beside the one in words, also where its label was not read.

    A yuan's sign that was read as a digit is no part of it, where the total in words says so.
    """
    words = printed = next((one for one in matches if one.name == "total_in_words"), None)
    if words is None:
        return list(matches)
    totals = [one for one in matches if one.name == "total_amount"] or _level_with(words, rows)
    words = _of_amounts(words, [checks.cents(one.text) for one in totals])
    worth = checks.cents_in_words(words.text)
    others = [words if one is printed else one for one in matches if one.name != "total_amount"]
    return [*others, *(_without_sign(one, worth) for one in totals)]


def _level_with(words: Found, rows: Sequence[Row]) -> list[Found]:
    """Return the total in figures to the right of the one in words, rather in its row."""
    _, top, right, bottom = words.spans[0].box
    level = [
        span for span in find_all(rows, FIGURES)
        if span.box[0] > right and abs(span.box[1] + span.box[3] - top - bottom) < 2 * _MAX_OFF * (bottom - top)
    ]  # fmt: skip
    beside = [span for span in level if span.row is words.spans[0].row] or level
    return [Found("total_amount", "价税合计", (one,)) for one in beside[-1:]]


def _without_sign(total: Found, worth: int | None) -> Found:
    span = total.spans[0]
    if worth is None or checks.cents(total.text) == worth or checks.cents(total.text[1:]) != worth:
        return total
    return msgspec.structs.replace(total, form=span.raw[1:])


def _of_amounts(words: Found, totals: Sequence[int | None]) -> Found:
    """Return a total in words with the characters that only amounts have, where these say what the figures say.

    Else it stays as it was read. Which sign stands for which does not depend on the figures.
    """
    alike = words.text.translate(_ALIKE)
    if alike != words.text and checks.cents_in_words(alike) in [one for one in totals if one is not None]:
        return msgspec.structs.replace(words, form=alike)
    return words
