"""Chinese invoices that are no forms of the VAT invoice's layout: taxi, toll, machine-printed and quota ones."""

import re
from collections.abc import Iterator, Sequence

from folio.structure.fields.labels import Found, Label, find_all, labeled
from folio.structure.fields.rows import Row

_AMOUNT = r"[¥Y]?\s?\d[\d,]*\s?(?:\.\s?\d{1,2}(?!\d)|(?=\s?元))"
DAY = (
    r"(?<!\d)(?:\d\s?){4}年\s?(?:\d\s?){1,2}月\s?(?:\d\s?){1,2}日"
    r"|\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}"
)
ANY_DAY = DAY + r"|(?<!\d)20\d{2}\s?(?:0[1-9]|1[0-2])\s?(?:0[1-9]|[12]\d|3[01])(?!\d)"
_LABELS = (
    Label(
        "total_amount",
        r"(?:合计|总|实收|应收|收费|票价)?金额(?!合计)|(?:合计|总计|实收|应收)(?!金额)|[票车]价",
        _AMOUNT,
    ),
    Label("total_amount", r"(?:通行|停车|过路|过桥|车)费(?![一-鿿])", _AMOUNT),
    Label("invoice_date", r"(?:开票|乘车|打印|出票)?日期|(?:出口|交易)?时间", ANY_DAY),
    Label("", "单价|里程|等候|余额|卡号|车号|证号|电话|税额|数量"),
)
_ONLY_WORDS = r"(?<![一-鿿])[壹贰叁肆伍陆柒捌玖][拾佰仟万]?\s?[元圆]\s?[整正]?(?![一-鿿])"
_TITLE = r"[一-鿿]{3,24}(?:发票|通行费票据)(?:\([一-鿿]{2,8}\))?(?![一-鿿])"


def has_numbers(text: str) -> bool:
    """Return whether a text without white space has an invoice's code and number: labeled, or alone below its title."""
    if re.search(r"发票(?:联)?$", text, re.MULTILINE) and re.search(r"^(?:\d{12}|\d{10})\n\d{8}$", text, re.MULTILINE):
        return True
    has_code = re.search(r"(?<![用一-鿿])(?:发票)?代码:?(?:\d{12}|\d{10})(?!\d)", text)
    return bool(has_code and re.search(r"(?<![一-鿿])(?:发票)?号码:?\d{8}(?!\d)", text))


def read_slip(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield what stands on such slips under other labels than on forms."""
    for span in find_all(rows, _TITLE):
        yield Found("invoice_type", "", (span,))
        break
    yield from (one for one in labeled(rows, _LABELS) if one.name)
    for span in find_all(rows, _ONLY_WORDS):
        yield Found("total_in_words", "", (span,))
