"""Till receipts in Chinese: seller, day, number, and what was to be paid."""

import re
from collections.abc import Iterator, Sequence

from folio.structure.fields import checks
from folio.structure.fields.labels import Found, find_all, pattern
from folio.structure.fields.rows import Row, Span

_MAX_SIGNS = 2000  # of a receipt, on a page
_MIN_SHARE = 6  # of so many signs one is Chinese
_TILL = r"找零|找赎|实收|收银|小票|流水号|欢迎光临|惠顾|[桌台]号|结账单|消费清单|微信支付|支付宝|会员卡"
# What stands beside a total, surest first.
_TOTALS = (
    r"应[付收](?:金额|合计|总额|款)?|实付(?:金额|款)?|折后(?:金额|合计)?",
    r"(?:合计|总)金额|金额合计|总\s?[计额价]|(?<!小)合\s?计(?:金额)?|消费(?:金额|合计)|交易金额",
    r"实收(?:金额|款)?",
)
_PAID, _CHANGE = r"实收(?:金额|现金|款)?|现金|收款", r"找\s?[零赎回](?:金额)?"
_FIGURES = r"[¥Y]?\s?-?\d[\d,]*(?:\s?\.\s?\d{1,2})?(?![\d.])"
_AFTER = re.compile(r"\s?(?:\((?:元|RMB|CNY|¥)\))?\s?:?")
_DAY = r"(?<!\d)20\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}"
_NUMBER = (
    r"(?:小票|单据?|流水|交易|账单|订单|销售单?|[收银结账]单)\s?(?:编?号码?)\s?:?\s*"
    r"((?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,})"
)
_MAX_TOP = 6  # rows in which the seller is named
_SELLER = r"店|超市|商[场城行]|公司|餐|酒|药|便利|饭|火锅|咖啡|书|广场|食|馆|茶|面包|百货|市场|医院"
_NOT_A_SELLER = re.compile(
    r":|电话|地址|小票|收据|结账单|消费清单|清单|销售单|收银|[桌台]号|日期|时间|单号|数量|单价|金额|顾客联|存根"
)
_WELCOME = re.compile(r"(?:欢迎(?:光临|惠顾|您)|谢谢(?:光临|惠顾))\s?[,!·]?\s?")


def is_chinese_receipt(text: str) -> bool:
    """Return whether a page's text without white space is such a receipt's."""
    chinese = len(re.findall(r"[一-鿿]", text))
    total = re.search(rf"(?:{'|'.join(_TOTALS)})[^\d\n一-鿿]{{0,6}}\d", text)
    return (
        len(text) < _MAX_SIGNS
        and chinese * _MIN_SHARE > len(text)
        and len(set(re.findall(_TILL, text))) > 1
        and bool(total and re.search(_DAY, text))
    )


def read_chinese_receipt(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield seller, day, number and total; `_paid` and `_change` are witnesses."""
    yield from _seller(rows)
    days = sorted(find_all(rows, _DAY), key=lambda span: not re.search(r"日期|时间", span.row.text[: span.start]))
    yield from (Found("invoice_date", "", (span,)) for span in days[:1])
    for row in rows:
        if match := re.search(_NUMBER, row.text.upper()):
            label = row.raw[match.start() : match.start(1)].rstrip(" :：")
            yield Found("invoice_number", label, (row.span(*match.span(1)),))
            break
    yield from _sums(rows)


def _seller(rows: Sequence[Row]) -> Iterator[Found]:
    top = [part for row in rows[:_MAX_TOP] for part in row.columns()]
    names = []
    for part in top:
        welcome = _WELCOME.match(part.text)
        name = part.row.span(part.start + (welcome.end() if welcome else 0), part.end)
        if len(re.findall(r"[一-鿿]", name.text)) >= 2 and not _NOT_A_SELLER.search(name.text):
            names.append(name)
    for name in [one for one in names if re.search(_SELLER, one.text)][:1] or names[:1]:
        yield Found("seller_name", "", (name,))


def _sums(rows: Sequence[Row]) -> Iterator[Found]:
    """Find the total: what was paid less the change, if that is named, or else what has the surest name."""
    paid, change = (next(_beside(name, words, rows), None) for name, words in (("_paid", _PAID), ("_change", _CHANGE)))
    yield from (one for one in (paid, change) if one)
    one, other = (checks.cents(match.text) if match else None for match in (paid, change))
    named = [list(_beside("total_amount", words, rows)) for words in _TOTALS]
    totals = [total for totals in named for total in totals]
    proved = [
        total for total in totals
        if one is not None and other is not None and checks.cents(total.text) == one - abs(other)
    ]  # fmt: skip
    yield from (proved or totals)[:1]


def _beside(name: str, words: str, rows: Sequence[Row]) -> Iterator[Found]:
    """Yield what stands beside a label: the last amount before the next text, as a count may stand before it."""
    for row in rows:
        for match in pattern(words).finditer(row.text):
            start = _after(row, match.end())
            run = re.compile(rf"(?:\s*\d{{1,4}}\s?[件份个项种])?(?:\s*{_FIGURES})+").match(row.text, start)
            if run and (amount := _last(row.span(*run.span()))):
                yield Found(name, row.raw[match.start() : match.end()], (amount,))


def _after(row: Row, start: int) -> int:
    sign = _AFTER.match(row.text, start)
    return sign.end() if sign else start


def _last(figures: Span) -> Span | None:
    amounts = list(re.finditer(_FIGURES, figures.text))
    if not amounts:
        return None
    start, end = amounts[-1].span()
    return figures.row.span(figures.start + start, figures.start + end)
