"""Chinese invoices of vehicles that are sold, new and used."""

import re
from collections.abc import Iterator, Sequence
from itertools import permutations

from folio.structure.fields import checks
from folio.structure.fields.invoice.registration import registered
from folio.structure.fields.invoice.slips import ANY_DAY
from folio.structure.fields.invoice.totals import FIGURES, WORDS, with_total
from folio.structure.fields.labels import Found, Label, find_all, labeled, pattern, spaced
from folio.structure.fields.rows import Row, Span

_TAX_ID = spaced("[0-9A-Z]", "15|18", " ?")
_NUMBERS = "纳税人识别号(?:/统一社会信用代码/?)?|单位代码(?:/身份证号码)?|身份证明?号码|组织机构代码|统一社会信用代码/?"
_NAME = r"[一-鿿()·]{2,}"
_LABELS = (
    Label("invoice_code", "发票代码", spaced(r"\d", "12")),
    Label("invoice_number", "发票号码", spaced(r"\d", "8|20")),
    Label("_invoice_code", "机打代码", spaced(r"\d", "12")),
    Label("_invoice_number", "机打号码", spaced(r"\d", "8")),
    Label("machine_number", "机器编号", spaced(r"\d", "12")),
    Label("invoice_date", "开票日期", ANY_DAY),
    Label("buyer_name", "购买方名称(?:及身份证号码/?)?|购货单位|买方单位/?个人(?!住址)", _NAME),
    Label("seller_name", "销[货售](?:单位|方)名称|卖方单位/?个人(?!住址)", _NAME),
    Label("total_in_words", r"(?:价税|车价)合计\s?(?:\(?大写\)?)?", WORDS),
    Label("amount_without_tax", r"不含税价\s?(?:\(?小写\)?)?", FIGURES),
    Label("total_amount", r"\(?小写\)?", FIGURES),
    Label("tax_amount", "增值税税额|税额|(?<![^\t])增值税(?=\t|$)", FIGURES),
    Label("drawer", "开票人", r"[一-鿿·](?: ?[一-鿿·]){0,9}"),
    Label("", f"{_NUMBERS}|[买卖]方单位/?个人住址|电话|账号|地址|开户银行|车辆类型|厂牌型号|产地|备注"),
    Label("", "经营、拍卖单位|二手车市场"),
)  # fmt: skip
# What tells how far print is off: no names, for labels beside others look like these.
_PRINTED = (
    ("机打代码", r"(?<!\d)\d{12}(?!\d)"), ("机打号码", r"(?<!\d)\d{8}(?!\d)"), ("机器编号", r"(?<!\d)\d{12}(?!\d)"),
    ("纳税人识别号|单位代码/身份证号码", _TAX_ID),
    (r"(?:价税|车价)合计", WORDS), (r"小写", FIGURES), ("电话", r"\d{3,4}-?\d{7,8}"), ("账号", r"\d{9,20}"),
)  # fmt: skip
_OF_THE_FORM = "|".join(
    (
        *(label.words for label in _LABELS),
        "税率|征收率|主管税务|机关及代码|完税凭证|吨位|限乘|合格证|证明书|商检|发动机",
    )
)
_SIDES = {
    "buyer": "购买方名称|购货单位|买方单位", "seller": "销[货售](?:单位|方)名称|卖方单位",
}  # fmt: skip
_ROWS = {"buyer": (-1.0, 1.0), "seller": (-1.0, 4.0)}  # heights from a name's row to its number's
_MAX_ROWS_USED = 1.0


def is_vehicle(text: str) -> bool:
    """Return whether a page's text without white space is such an invoice's."""
    if re.search(r"(?:机动车|二手车)销售统一发票", text):
        return True
    return sum(hint in text for hint in ("厂牌型号", "车辆类型", "车架号", "价税合计", "车价合计", "机打号码")) >= 3


def read_vehicle(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield the fields of an invoice of a vehicle."""
    rows = registered(rows, _PRINTED, _OF_THE_FORM)
    for span in find_all(rows, r"(?:机动车|二手车)\s?销售统一发票"):
        yield Found("invoice_type", "", (span,))
        break
    matches = with_total([one for one in labeled(rows, _LABELS) if one.name], rows)
    amounts = "tax_amount", "amount_without_tax"
    yield from (one for one in matches if one.name not in amounts)
    total = next((checks.cents(one.text) for one in matches if one.name == "total_amount"), None)
    yield from _sums(rows, total) or [one for one in matches if one.name in amounts]
    yield from _tax_ids(rows)


def _sums(rows: Sequence[Row], total: int | None) -> list[Found]:
    """Return the tax and the amount without it that make the total: their labels may stand in two lines."""
    amounts = [span for span in find_all(rows, FIGURES) if checks.cents(span.text) != total]
    for tax, net in permutations(amounts, 2):
        worth = checks.cents(tax.text), checks.cents(net.text)
        if worth[0] and worth[1] and worth[0] < worth[1] and worth[0] + worth[1] == total:
            return [Found("tax_amount", "增值税税额", (tax,)), Found("amount_without_tax", "不含税价", (net,))]
    return []


def _tax_ids(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield the number of each party: the nearest one in its rows, whose labels may stand in two lines."""
    numbers = list(find_all(rows, _TAX_ID))
    used = next(find_all(rows, pattern("买方单位|卖方单位").pattern), None)
    for who, words in _SIDES.items():
        name = next(find_all(rows, pattern(words).pattern), None)
        if name is None:
            continue
        first, last = _ROWS[who] if used is None else (-1.0, _MAX_ROWS_USED)
        near = [one for one in numbers if first <= _rows_below(name, one) <= last and one.box[0] > name.box[2]]
        for number in sorted(near, key=lambda one: abs(_rows_below(name, one)))[:1]:
            numbers.remove(number)
            yield Found(f"{who}_tax_id", "纳税人识别号" if used is None else "单位代码/身份证号码", (number,))


def _rows_below(name: Span, one: Span) -> float:
    """Return how far one stands below a name, in heights of that."""
    return ((one.box[1] + one.box[3]) - (name.box[1] + name.box[3])) / 2 / name.row.height
