"""Chinese business licences."""

from collections.abc import Iterator, Mapping, Sequence

from folio.models import Field
from folio.structure.fields.labels import Found, Label, find_all, labeled, pattern, spaced
from folio.structure.fields.paper import Check, Kind, days, tax_codes
from folio.structure.fields.rows import Row, Span

_DAY = r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
_ISSUED = rf"{_DAY}?(?!\d)"  # a seal lies over the day of issue, whose last sign may not be read
_LABELS = (
    Label("credit_code", "统一社会信用代码", spaced("[0-9A-Z]", "18"), below=True),
    Label("registration_number", "注册号", spaced(r"\d", "13|15"), below=True),
    Label("company_name", "(?<![一-鿿])(?:企业|字号)?名称", lines=2),
    Label("company_type", "(?<![一-鿿])(?:(?:公司|企业|主体)?类型|经济性质)", lines=2),
    Label("legal_representative", "(?:法定代表人|执行事务合伙人|投资人|经营者|负责人)(?:姓名)?"),
    Label("registered_capital", "注册资本|注册资金"),
    Label("established_date", "成立日期|注册日期", _DAY),
    Label("business_term", "营业期限|合伙期限", lines=2),
    Label("address", "(?<![一-鿿])住所|主要经营场所|经营场所|营业场所", lines=3),
    Label("business_scope", "经营范围", lines=12),
    Label("", "登记机关|组成形式|出资额|实收资本"),
)


def _is_one(text: str) -> bool:
    hints = ("社会信用代码", "法定代表人", "经营范围", "成立日期", "注册资本", "登记机关", "营业期限", "经营者")
    return "营业执照" in text and sum(hint in text for hint in hints) >= 3


def _read(rows: Sequence[Row]) -> Iterator[Found]:
    for one in labeled(rows, _LABELS):
        if one.name:
            yield one
    office = next(find_all(rows, r"登\s*记\s*机\s*关"), None) or _last_label(rows)
    if office:
        days_below = [span for span in find_all(rows, _ISSUED) if span.box[1] > office.box[1] - office.row.height]
        for span in days_below[-1:]:
            yield Found("approval_date", "登记机关", (span,))
            if not span.text.endswith("日"):  # a digit may be hidden too
                yield Found("_torn_day", "", (span,))


def _last_label(rows: Sequence[Row]) -> Span | None:
    """Return the last label above the day of issue, where a seal over its own label kept that from being read."""
    labels = [span for label in _LABELS if label.name for span in find_all(rows, pattern(label.words).pattern)]
    last = max(labels, key=lambda span: span.box[1], default=None)
    below = next((row for row in rows if last and row.tokens[0].box[1] > last.box[3]), None)
    return below.span(0, len(below.text)) if below else None


def _check(values: Mapping[str, Field]) -> dict[str, Check]:
    known = ("established_date",) if "_torn_day" in values else ("established_date", "approval_date")
    return days(values, *known) | tax_codes(values, "credit_code")


_ONCE = r"统\s*一\s*社\s*会\s*信\s*用\s*代\s*码", r"经\s*营\s*范\s*围", r"成\s*立\s*日\s*期", r"登\s*记\s*机\s*关"
_MUST = {
    "credit_code": "GB 32100's check character", "established_date": "a day that exists",
    "approval_date": "a day that exists; unchecked where its last sign is below the seal",
}  # fmt: skip
_FREE = (
    "registration_number", "company_name", "company_type", "legal_representative", "registered_capital",
    "business_term", "address", "business_scope",
)  # fmt: skip
KIND = Kind("business_license", _is_one, _read, _check, _ONCE, _MUST, _FREE)
