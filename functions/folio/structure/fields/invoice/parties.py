"""Whose a name, a tax number, an address or an account on an invoice is: the buyer's or the seller's."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from folio.structure.fields.labels import Found, find_all, pattern
from folio.structure.fields.rows import Row, Span
from folio.transform import Box

PARTY = ("name", "tax_id", "address_phone", "bank_account")
NAME = (
    r"(?<![目务品业])名称(?:及身份证号码(?:/组织机构代码)?)?(?![,/规及])|(?<![^\s])称(?=\s?[:\t])|"
    r"(?<=[购销买售] )名(?=\s)(?!\s*称)|"
    r"(?:付款|收款|[购销]货)(?:方|单位)(?=\s?:)|(?:客户|顾客)(?=\s?:)"
)
# What a label says itself or stands before it, also as the first sign of a text down the side.
_BUYER = re.compile(r"(?<![一-鿿])(?:购(?:买?方|货方|货单位|买方信息)?|买|付款(?:方|单位|人)|客户|顾客)(?:名称)?$")
_SELLER = re.compile(r"(?<![一-鿿])(?:销(?:售?方|货方|货单位|售方信息)?|售|收款(?:方|单位|人))(?:名称)?$")
_NUMBER = "纳税人识别号"
_SIDE_TEXT = frozenset("备注密码区")
_SEAL = r"\s*(?:发票|财务|合同)?专用章.*$"
_MAX_BELOW = 4.5  # heights from a label to the next one of the same party
_MAX_ASIDE = 5.0  # heights between their left edges


def parties(matches: Iterable[Found], rows: Sequence[Row]) -> Iterator[Found]:
    """Yield the values of `PARTY` under the names of the two who have them: buyer_name, seller_tax_id and so on."""
    ordered = [one for one in matches if one.name in PARTY and one.label_span]
    sides = {id(one): side for one in ordered if (side := _named(one))}
    if any("电子发票" in "".join(row.text.split()) for row in rows):
        sides = _by_halves(ordered, rows) | sides
    for at, one in enumerate(ordered):
        if one.name != "name" and id(one) not in sides and (above := _above(one, ordered[:at], sides)):
            sides[id(one)] = above
    for name in PARTY:
        for one in _told_apart([one for one in ordered if one.name == name], sides, rows):
            spans = (_without_side_text(_without_seal(span, name)) for span in one.spans)
            yield msgspec.structs.replace(one, spans=tuple(spans))


def _by_halves(ordered: Sequence[Found], rows: Sequence[Row]) -> dict[int, str]:
    """Return whose each value is on the fully digital form, which has the buyer in its left half, the seller beside it.

    A label of the left half whose own place is empty may have the seller's value, if the seller's label was torn.
    """
    left, right = min(row.tokens[0].box[0] for row in rows), max(row.tokens[-1].box[2] for row in rows)
    middle = (left + right) / 2
    return {id(one): _of_two_labels(one) or ("buyer" if one.spans[0].box[0] < middle else "seller") for one in ordered}


def _of_two_labels(one: Found) -> str:
    """Return whose a value is whose label stands beside another of its kind; empty if it stands there alone."""
    if one.label_span is None:
        return ""
    row, words = one.label_span.row, pattern(NAME if one.name == "name" else _NUMBER)
    starts = [match.start() for match in words.finditer(row.text)]
    return "" if len(starts) != 2 else "buyer" if one.label_span.end <= starts[1] else "seller"


def _without_seal(span: Span, name: str) -> Span:
    """Return a value without what a seal says behind it: its kind, and behind a name the number of who stamped."""
    words = _SEAL if name != "name" else rf"{_SEAL}|(?<=[一-鿿])\s?[0-9A-Z]{{15,20}}$"
    match = re.search(words, span.text)
    return span.row.span(span.start, span.start + match.start()) if match and match.start() else span


def _without_side_text(span: Span) -> Span:
    """Return a value without a sign of `备注` or `密码区`, which run down the form beside long ones.

    It stands alone, behind a blank, or behind a number's last digit.
    """
    last = span.tokens[-1]
    is_alone = sum(len(one.word.text) for one in span.row.tokens if one.segment == last.segment) == 1
    is_apart = is_alone or re.search(r"[\s\d].$", span.text) is not None
    is_sign = is_apart and last.word.text in _SIDE_TEXT and len(span.tokens) > 1
    return span.row.span(span.start, span.end - 1) if is_sign else span


def _named(one: Found) -> str:
    """Return whose a value is by its label and what stands before it; empty if these do not say it."""
    label = one.label_span
    if label is None:
        return ""
    text = re.sub(r"(?<=[一-鿿])[^\S\t]+(?=[一-鿿])", "", label.row.text[: label.end]).rstrip()
    before = label.row.text[: label.start].rstrip()
    for side, words in (("seller", _SELLER), ("buyer", _BUYER)):
        if words.search(text) or words.search(before):
            return side
    return ""


def _above(one: Found, others: Sequence[Found], sides: Mapping[int, str]) -> str:
    """Return whose the value is that is labeled right above, in the same column."""
    left, top, _, _ = _box(one)
    height = one.spans[0].row.height
    for other in reversed(others):
        x0, y0, _, _ = _box(other)
        if abs(x0 - left) < _MAX_ASIDE * height and 0 < top - y0 < _MAX_BELOW * height:
            return sides.get(id(other), "")
    return ""


def _told_apart(labeled: Sequence[Found], sides: Mapping[int, str], rows: Sequence[Row]) -> Iterator[Found]:
    known = [sides.get(id(one), "") for one in labeled]
    if len(set(known)) < len(known) or ("" in known and len(known) > 2):
        known = [""] * len(labeled)  # two of one party: nothing is known
    if "" not in known:
        yield from (_of(side, one) for side, one in zip(known, labeled, strict=True))
        return
    if len(labeled) > 1 and any(known):
        other = {"buyer": "seller", "seller": "buyer"}
        known = [side or other[next(filter(None, known))] for side in known]
        yield from (_of(side, one) for side, one in zip(known, labeled, strict=True))
        return
    yield from _by_place(labeled, rows)


def _by_place(labeled: Sequence[Found], rows: Sequence[Row]) -> Iterator[Found]:
    """Tell whose a value is: the buyer's stands above the seller's, or to the left of it."""
    both = list(labeled[:2])
    if len(both) > 1:
        first, second = map(_box, both)
        is_level = abs(first[1] - second[1]) < 1.5 * both[0].spans[0].row.height
        if is_level and second[0] < first[0]:
            both.reverse()
    for number, one in enumerate(both):
        is_buyer = number == 0 if len(both) > 1 else _is_first(one, rows)
        yield _of("buyer" if is_buyer else "seller", one)


def _is_first(one: Found, rows: Sequence[Row]) -> bool:
    """Tell it of one that stands alone: above the sum, and on forms of two halves in the left one."""
    left_edge, top, _, _ = _box(one)
    if (middle := next(find_all(rows, r"合\s*计"), None)) and top > middle.box[3]:
        return False
    left, right = min(row.tokens[0].box[0] for row in rows), max(row.tokens[-1].box[2] for row in rows)
    return left_edge < (left + right) / 2


def _box(one: Found) -> Box:
    return (one.label_span or one.spans[0]).box


def _of(side: str, one: Found) -> Found:
    return Found(f"{side}_{one.name}", one.label, one.spans)
