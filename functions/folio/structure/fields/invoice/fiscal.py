"""Bills of what is no sale, which treasuries issue: of hospitals and schools, of fees and donations."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from folio.structure.fields.invoice.slips import ANY_DAY
from folio.structure.fields.invoice.totals import FIGURES, WORDS, with_total
from folio.structure.fields.labels import CHINESE, Found, Label, find_all, labeled, spaced
from folio.structure.fields.rows import Row

# What holds for any number of that length: it can fail only.
FORMS = {"invoice_code": r"\d{8}", "invoice_number": r"\d{10}", "check_code": "[0-9A-Za-z]{6}"}
_TITLE = r"[一-鿿()]{2,24}(?:票据|收据)(?:\(电子\))?(?![一-鿿])"
_CHECK_CODE = r"(?<![0-9A-Za-z])[0-9A-Za-z]{6}(?![0-9A-Za-z])"
_LIKE_DIGITS = str.maketrans("OoIlSsZz", "00115522")
_PERSON = r"[一-鿿·](?: ?[一-鿿·]){0,9}"
_LABELS = (
    Label("invoice_code", "票据代码", spaced(r"\d", "8")),
    Label("invoice_number", "票据号码", spaced(r"\d", "10")),
    Label("check_code", "校验码", _CHECK_CODE),
    Label("buyer_tax_id", "(?:交款人)?统一社会信用代码", spaced("[0-9A-Z]", "15|18", " ?")),
    Label("buyer_name", r"(?:交款|缴款|付款|捐赠)\s?(?:人|单位)(?:或个人|/个人|名称)?|(?<![一-鿿])姓名", CHINESE),
    Label("invoice_date", "(?:开票|收费|填制)日期|开票时间", ANY_DAY),
    Label("total_in_words", r"(?:金额)?合计\s?\(?大写\)?|\(?大写\)?", WORDS),
    Label("total_amount", r"\(?小写\)?", FIGURES),
    Label("seller_name", r"(?:收款|执收|开票|接受)\s?单位(?:\s?\([^()\t]{0,4}\))?", CHINESE),
    Label("reviewer", "复核人?", _PERSON),
    Label("payee", r"收款人(?:\s?\([^()\t]{0,4}\))?", _PERSON),
    Label("drawer", "(?:开票|经办)人", _PERSON),
    Label("", "其他信息|备注|性别|门诊号|业务流水号|医保类型|社会保障号|医疗机构类型|就诊日期"),
)


def is_fiscal(text: str) -> bool:
    """Return whether a page's text without white space is such a bill's, of the electronic kind or printed."""
    hints = sum(hint in text for hint in ("票据代码", "票据号码", "交款人", "收款单位", "校验码", "金额合计"))
    return hints >= 3 or ("票据" in text and hints >= 2)


def read_fiscal(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield the fields of a bill; `_fiscal` is a witness that it is one."""
    for span in find_all(rows, _TITLE):
        yield Found("invoice_type", "", (span,))
        yield Found("_fiscal", "", (span,))
        break
    for one in with_total([one for one in labeled(rows, _LABELS) if one.name], rows):
        if one.name == "seller_name":
            yield _without_seal(one)
        elif one.name == "check_code":
            yield msgspec.structs.replace(one, form=_hexadecimal(one.text))
        else:
            yield one


def _hexadecimal(code: str) -> str:
    """Return a check code with digits for letters of their look, if all of it is hexadecimal then, as most are."""
    digits = code.translate(_LIKE_DIGITS)
    return digits if re.fullmatch("[0-9a-f]+|[0-9A-F]+", digits) else code


def _without_seal(one: Found) -> Found:
    """Return who was paid without what a seal wrote into the row, or what stands apart to the right."""
    span = one.spans[0]
    name = re.match(r"(?:\(?[章用]{1,3}\)?)?\s?([^;,:]*)", span.text)
    start, end = name.span(1) if name else (0, 0)
    return Found(one.name, one.label, (span.row.span(span.start + start, span.start + end),))
