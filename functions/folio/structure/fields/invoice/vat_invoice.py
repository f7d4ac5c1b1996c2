"""Chinese invoices: VAT ones on paper, electronic and fully digital, those of vehicles, and treasuries' bills."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from folio.models import Field
from folio.structure.fields import checks, items
from folio.structure.fields.invoice.fiscal import FORMS as FISCAL_FORMS
from folio.structure.fields.invoice.fiscal import is_fiscal, read_fiscal
from folio.structure.fields.invoice.margins import without_margins
from folio.structure.fields.invoice.parties import NAME, PARTY, parties
from folio.structure.fields.invoice.registration import registered
from folio.structure.fields.invoice.remarks import remarks
from folio.structure.fields.invoice.slips import ANY_DAY, DAY, has_numbers, read_slip
from folio.structure.fields.invoice.totals import FIGURES, WORDS, sums, with_total
from folio.structure.fields.invoice.vehicles import is_vehicle, read_vehicle
from folio.structure.fields.labels import CHINESE, Found, Label, find_all, labeled, spaced
from folio.structure.fields.paper import Check, Kind, days, proved, tax_codes
from folio.structure.fields.rows import Row

_TITLE = (
    r"增\s*值\s*税\s*(?:电\s*子\s*)?(?:专\s*用|普\s*通)\s*发\s*票|电\s*子\s*发\s*票\s*\((?:普通发票|增值税专用发票)\)"
)
_CODE = spaced(r"\d", "10|12")
# A code may stand between the label and the number, on a page that curls.
_NUMBER = r"(?!\d{10}(?:\d\d)?\s\d{8}(?!\d))" + spaced(r"\d", "8|20")
# The number on a seal may touch it.
_TAX_ID = spaced(r"[0-9A-Z]", "15|16|17|18|19|20", " ?") + "|(?<![0-9A-Za-z])[0-9A-Z]{18}(?=[0-9A-Z]{8})"
# What holds for any number of that length says nothing about its digits: it can fail only.
_FORMS = {
    "invoice_code": r"\d{10}|\d{12}", "invoice_number": r"\d{8}|\d{20}", "check_code": r"\d{20}",
    "machine_number": r"\d{12}",
}  # fmt: skip
_TOP = 2  # of the rows the first half, where no label tells what is above the buyer
_DIGITAL = 20  # digits of the number of a fully digital invoice
_DIGITS_ALONE = r"[\d-]+(?: [\d-]+)*"  # the end of a telephone's number or an account's, on a line of its own
_SIGNED = r"[^\t\d]*[一-鿿A-Za-z][^\t]*"  # by whom: no digits of a seal
_LABELS = (
    Label("invoice_code", "发票代码|(?<![一-鿿])代码", _CODE),
    Label("invoice_number", r"发票号码|(?<![一-鿿])号码|(?<![0-9A-Za-z])(?:N[oO0°º]|№)[.:]?(?=\s*\d)", _NUMBER),
    Label("_invoice_number", "机打号码", _NUMBER),
    Label("invoice_date", "开票日期", ANY_DAY),
    Label("check_code", "校验码", spaced(r"\d", "20")),
    Label("machine_number", "机器编号", spaced(r"\d", "12")),
    Label("name", NAME, CHINESE),
    Label("tax_id", r"(?:统?一?社?会信用代码\s?/?\s?)?纳税人识别号|统?一?社?会信用代码|税号(?=\s?:)", _TAX_ID),
    Label("address_phone", r"地址\s?,?\s?电话", CHINESE, lines=2, rest=_DIGITS_ALONE),
    Label("bank_account", r"开户行及账号|开户银行及账号", CHINESE, lines=2, rest=_DIGITS_ALONE),
    Label("total_in_words", r"(?:价税合计)?\s?\(?大写\)?|价税合计", WORDS),
    Label("total_amount", r"\(?小写\)?", FIGURES),
    Label("payee", r"收款人|收款(?=\s[一-鿿])", _SIGNED),
    Label("reviewer", "复核人?", _SIGNED),
    Label("drawer", "开票人", _SIGNED),
    Label("", r"(?:销售方|销货单位)\s?(?::|(?=\())"),
    Label("", "密码区|备注|货物或应税劳务|项目名称|规格型号"),
)
# What tells whether the values of a form are printed in another place than it has for them.
_PRINTED = (
    ("纳税人识别号", _TAX_ID), ("开票日期", DAY), (r"\(?小写\)?", r"[¥Y]\s?\d[\d,]*\.\d{2}"), (r"\(?大写\)?", WORDS),
    (r"(?<!税)合计", r"[¥Y]\s?\d[\d,]*\.\d{2}"),
)  # fmt: skip
_OF_THE_FORM = "|".join(
    (*(label.words for label in _LABELS), "规格型号|单位|数量|单价|金额|税率|税额|合计|发票|№|^[购买销售方密码区]$")
)
_FIRST_LABELS = r"(?<![^\s])[购买销售备注](?![一-鿿])|纳\s?税\s?人|价\s?税\s?合|收\s?款\s?人|货\s?物\s?或|项\s?目\s?名"
_LAST_LABELS = r"税\s*额"
_MARKS = frozenset("☑☒⊗⊕⨂⊙◎○")  # before the total in words, which no label has in it
_NAME = re.compile(r"[一-鿿·](?: ?[一-鿿·]){0,9}")  # of who signs, before what is stamped beside it
_OF_A_SEAL = "发票|.?.?专用|销[售货]"
# What stands once on a form; of slips the last two do.
_ONCE = (
    r"价\s*税\s*合\s*计", r"小\s*写", r"规\s*格\s*型\s*号", r"开\s*票\s*人", r"开\s*票\s*日\s*期",
    r"发\s*票\s*代\s*码", r"发\s*票\s*号\s*码",
)  # fmt: skip
_SIGNATURES = "payee", "reviewer", "drawer"


def _is_one(text: str) -> bool:
    title = re.search(r"增值税(电子)?(专用|普通)发票|电子发票\((普通发票|增值税专用发票)\)", text)
    hints = ("价税合计", "纳税人识别号", "开票日期", "发票代码", "发票号码", "税额", "规格型号", "开票人")
    if "铁路电子客票" in text:
        return False
    return (
        sum(hint in text for hint in hints) >= (2 if title else 4)
        or has_numbers(text)
        or is_fiscal(text)
        or is_vehicle(text)
    )


def _read(rows: Sequence[Row]) -> Iterator[Found]:
    text = "\n".join("".join(row.text.split()) for row in rows)
    read = read_vehicle if is_vehicle(text) else read_fiscal if is_fiscal(text) else _read_form
    repeated = []
    for one in read(rows):
        yield one
        if one.name in ("_invoice_code", "_invoice_number"):
            repeated.append(msgspec.structs.replace(one, name=one.name.removeprefix("_")))
    yield from repeated  # the only ones where the others, in large figures, were not read


def _read_form(rows: Sequence[Row]) -> Iterator[Found]:
    # Slow to import for their patterns, which few pages need.
    from folio.structure.fields.invoice.item_rows import invoice_items
    from folio.structure.fields.invoice.unlabeled_parties import unlabeled_parties

    parts = ([token for token in row.tokens if token.word.text not in _MARKS] for row in rows)
    rows = without_margins([Row(tokens) for tokens in parts if tokens], _FIRST_LABELS, _LAST_LABELS)
    rows = registered(rows, _PRINTED, _OF_THE_FORM)
    matches = with_total([one for one in labeled(rows, _LABELS) if one.name], rows)
    for span in find_all(rows, _TITLE):
        yield Found("invoice_type", "", (span,))
        break
    named = list(parties(matches, rows))
    yield from named
    yield from (_until_gap(one) if one.name in _SIGNATURES else one for one in matches if one.name not in PARTY)
    yield from _unlabeled_numbers(rows)
    yield from sums(rows)
    yield from invoice_items(rows)
    yield from remarks(rows)
    yield from unlabeled_parties(rows, [*named, *matches])
    if not any(one.name in ("total_amount", "total_in_words") for one in matches):
        yield from read_slip(rows)


def _until_gap(one: Found) -> Found:
    span = one.spans[0]
    text = re.split(_OF_A_SEAL, span.text)[0]
    name = _NAME.match(text) or re.match(r"[^;,]*", text)
    return Found(one.name, one.label, (span.row.span(span.start, span.start + (name.end() if name else 0)),))


def _unlabeled_numbers(rows: Sequence[Row]) -> Iterator[Found]:
    """Find code and number of forms on paper, which print them without labels above everything else."""
    first = next(
        (at for at, row in enumerate(rows) if re.search(r"名\s*称|纳税人识别号", row.text)), -(-len(rows) // _TOP)
    )
    above = rows[:first]
    if day := next(find_all(above, DAY), None):
        yield Found("invoice_date", "", (day,))
    if check_code := next(find_all(above, r"(?<!\d)\d{5}(?: \d{5}){3}(?!\d)"), None):
        yield Found("check_code", "", (check_code,))
    is_digital = any("电子发票" in "".join(row.text.split()) for row in above)
    number = r"(?<!\d)\d{20}(?!\d)" if is_digital else spaced(r"\d", "8")
    for name, pattern in (("invoice_code", _CODE), ("invoice_number", number)):
        spans = [
            span
            for span in find_all(above, pattern)
            if not re.search(r"编号|校验|日期|电话|账号|[<>*+]", span.row.text)
        ]
        spans.sort(key=lambda span: span.box[1] - span.box[3])  # printed large, and often once more, small
        for printed, span in zip((name, f"_{name}"), spans, strict=False):
            yield Found(printed, "", (span,))


def _check(values: Mapping[str, Field]) -> dict[str, Check]:
    came = days(values, "invoice_date") | tax_codes(values, "buyer_tax_id", "seller_tax_id")
    forms = FISCAL_FORMS if "_fiscal" in values else _FORMS
    for name in values.keys() & forms.keys():
        one, repeated = values[name], values.get(f"_{name}")
        if not re.fullmatch(forms[name], one.value):
            came[name] = "failed"
        elif repeated and repeated.polygon != one.polygon:  # printed twice
            came[name] = proved(one.value == repeated.value)
    number, day = values.get("invoice_number"), values.get("invoice_date")
    if number and day and len(number.value) == _DIGITAL and number.value[:2] != day.value[2:4]:
        came |= dict.fromkeys(("invoice_number", "invoice_date"), "failed")  # it begins with the year
    return came | _check_sums(values)


def _check_sums(values: Mapping[str, Field]) -> dict[str, Check]:
    """Hold the amounts to each other: amount and tax make the total, which is the same in words and in figures."""

    def worth(name: str) -> int | None:
        return checks.cents(values[name].value) if name in values else None

    amount, tax, total = worth("amount_without_tax"), worth("tax_amount"), worth("total_amount")
    words = checks.cents_in_words(values["total_in_words"].value) if "total_in_words" in values else None
    if "tax_amount" in values and tax is None:
        tax = 0  # written as *** or exempt
    came: dict[str, Check] = {}
    is_sum = amount is not None and tax is not None and total is not None and amount + tax == total
    if amount is not None and tax is not None and total is not None:
        came |= dict.fromkeys(("amount_without_tax", "tax_amount", "total_amount"), proved(is_sum))
    if "total_in_words" in values and total is not None:
        same = words == total
        # The amount may be right and a 零 missing.
        printed = (
            re.sub(r"[整正]", "", re.sub(r"[(（]负数[)）]", "负", values["total_in_words"].value))
            .replace("元", "圆")
            .replace("〇", "零")
        )
        is_exact = printed == checks.in_words(total)
        came["total_in_words"] = proved(same) if is_exact or not same else "unchecked"
        came["total_amount"] = proved(same or is_sum)
    return came


_CODE_MUST = "GB 32100's check character, or an identity number's; where it has 18 signs"
_SUM_MUST = "amount and tax make the total"
_MUST = {
    "invoice_code": "10 or 12 digits (8 on fiscal bills), else it fails; passes printed twice alike, or by the QR code",
    "invoice_number": "8 or 20 digits (10 on fiscal bills), 20 from the year on, else it fails; passes so too",
    "invoice_date": "a day that exists, the QR code's if there is one",
    "check_code": "20 digits (6 signs on fiscal bills), else it fails; passes by the QR code",
    "machine_number": "12 digits, without which it fails", "buyer_tax_id": _CODE_MUST, "seller_tax_id": _CODE_MUST,
    "amount_without_tax": _SUM_MUST, "tax_amount": _SUM_MUST,
    "total_amount": f"{_SUM_MUST}, or it is the same in words",
    "total_in_words": "the total in figures; not passed where it lacks a 零 that may stand there",
    **items.MUST,
}  # fmt: skip
_FREE = (
    "invoice_type", "buyer_name", "buyer_address_phone", "buyer_bank_account", "seller_name", "seller_address_phone",
    "seller_bank_account", "remarks", "payee", "reviewer", "drawer",
    *items.FREE,
)  # fmt: skip
KIND = Kind("invoice", _is_one, _read, _check, _ONCE, _MUST, _FREE)
