"""Chinese identity cards, both sides, and bank cards."""

import re
from collections.abc import Iterator, Mapping, Sequence

from folio.models import Field
from folio.structure.fields import checks
from folio.structure.fields.labels import Found, Label, find_all, labeled, spaced
from folio.structure.fields.paper import Check, Kind, days, exists, proved
from folio.structure.fields.rows import Row
from folio.text.field_values import CARD_TYPES

_ID_NUMBER = r"(?<!\d)\d(?:\s?\d){16}\s?[\dXx](?!\d)"
_LONG_ID_NUMBER = r"(?<!\d)\d(?:\s?\d){17}\s?[\dXx](?!\d)"  # with a digit too many
_DAY = r"(?:\d{8}|\d{4}\s?[.,年-]\s?\d{1,2}\s?[.,月-]\s?\d{1,2})"
_ETHNICITIES = re.compile(
    "汉|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|"
    "景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|"
    "裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
_ID_LABELS = (
    Label("name", "姓名"),
    Label("sex", "性别", "[男女]"),
    Label("ethnicity", "民族", "[一-鿿](?:[一-鿿]{0,3})"),
    Label("birth_date", "出生", r"\d{4}\s*年?\s*\d{1,2}\s*月\s*\d{1,2}"),
    Label("address", "住址", lines=4),
    Label("id_number", "公民身份号码?|身份号码", _ID_NUMBER),
    Label("issuing_authority", "签发机关", lines=2),
    Label("validity", "有效期限", rf"{_DAY}\s?[-—–~至]*\s?(?:{_DAY}|长期)"),
)
_CARD = spaced(r"\d", "13|14|15|16|17|18|19")
_MAX_SIGNS = 300  # on a bank card
_MONTH = r"(?<!\d)(?:0[1-9]|1[0-2])\s?/\s?(?:20)?\d{2}(?!\d)"
_NOT_A_HOLDER = re.compile(
    r"\b(?:VALID|THRU|FROM|MONTH|YEAR|UNIONPAY|VISA|MASTERCARD|DEBIT|CREDIT|BANK|CARD|GOLD|PLATINUM|ATM|PAY|QUICKPASS|GOOD|OF|CHINA)\b"
)


def _is_id_card(text: str) -> bool:
    front = sum(hint in text for hint in ("姓名", "性别", "民族", "出生", "住址", "公民身份号码"))
    return front >= 4 or ("公民身份号码" in text and front >= 2) or ("签发机关" in text and "有效期" in text)


def _read_id_card(rows: Sequence[Row]) -> Iterator[Found]:
    for one in labeled(rows, _ID_LABELS):
        if one.name != "validity":
            yield one
            continue
        span = one.spans[0]
        parts = list(re.finditer(rf"{_DAY}|长期", span.text))
        for name, part in zip(("valid_from", "valid_until"), parts, strict=False):
            yield Found(name, one.label, (span.row.span(span.start + part.start(), span.start + part.end()),))
    for span in find_all(rows, _ID_NUMBER):
        yield Found("id_number", "", (span,))
    for span in find_all(rows, _LONG_ID_NUMBER):
        if number := _without_doubled(re.sub(r"\s", "", span.text)):
            yield Found("id_number", "", (span,), form=number)
            yield Found("_doubled_id_number", "", (span,))


def _without_doubled(number: str) -> str:
    """Return an identity number without the digit that was read twice, if its check digit tells which; or none."""
    shorter = {number[:at] + number[at + 1 :] for at in range(1, len(number)) if number[at] == number[at - 1]}
    valid = [one for one in shorter if checks.is_id_number(one)]
    return valid[0] if len(valid) == 1 else ""


def _check_id_card(values: Mapping[str, Field]) -> dict[str, Check]:
    came = days(values, "birth_date", "valid_from", "valid_until")
    if one := values.get("ethnicity"):
        came["ethnicity"] = exists(one, bool(_ETHNICITIES.fullmatch(one.value.removesuffix("族"))))
    if "id_number" not in values:
        return came
    number = values["id_number"].value
    came["id_number"] = proved(checks.is_id_number(number))
    doubled = values.get("_doubled_id_number")
    if doubled and doubled.polygon == values["id_number"].polygon:  # which took the check digit to tell
        born = values.get("birth_date")
        came["id_number"] = "passed" if born and born.value == checks.birth_date(number) else "unchecked"
    if came["id_number"] == "passed":  # which says both again
        if "birth_date" in values:
            came["birth_date"] = proved(values["birth_date"].value == checks.birth_date(number))
        if "sex" in values:
            came["sex"] = proved(values["sex"].value == ("男" if int(number[16]) % 2 else "女"))
    return came


def _is_bank_card(text: str) -> bool:
    hints = (
        "银联",
        "UNIONPAY",
        "VISA",
        "MASTERCARD",
        "BANK",
        "银行",
        "借记卡",
        "信用卡",
        "DEBIT",
        "CREDIT",
        "VALID",
        "储蓄卡",
    )
    upper = text.upper()
    return len(text) < 300 and any(hint in upper for hint in hints) and bool(re.search(r"(?<!\d)\d{15,19}(?!\d)", text))


def _read_bank_card(rows: Sequence[Row]) -> Iterator[Found]:
    numbers = sorted(find_all(rows, _CARD), key=lambda span: -span.row.height)
    number = next(
        (one for one in numbers if checks.is_card_number(re.sub(r"\s", "", one.text))), next(iter(numbers), None)
    )
    if number:
        yield Found("card_number", "", (number,))
    if months := list(find_all(rows, _MONTH)):
        yield Found("valid_date", "", (months[-1],))  # after the month it is valid from
    for span in find_all(rows, r"[一-鿿]{2,12}银行|[A-Z][A-Z ]+ BANK\b|BANK OF [A-Z ]+[A-Z]"):
        yield Found("bank_name", "", (span,))
    for span in find_all(rows, "|".join(sorted((one for one in CARD_TYPES if len(one) > 2), key=len, reverse=True))):
        yield Found("card_type", "", (span,))
    if number:
        below = [row for row in rows if row.tokens[0].box[1] > number.box[1] + number.row.height / 2]
        for span in find_all(below, r"(?<![A-Za-z\d])[A-Z][A-Z0]+(?:[ ./]+[A-Z][A-Z0]*){1,3}(?![A-Za-z\d])"):
            name = span.text.replace("0", "O")  # embossed, they look the same; a name has no digits
            if not _NOT_A_HOLDER.search(name):
                yield Found("holder_name", "", (span,), form=name)


def _check_bank_card(values: Mapping[str, Field]) -> dict[str, Check]:
    came: dict[str, Check] = {}
    if "card_number" in values:
        came["card_number"] = proved(checks.is_card_number(values["card_number"].value))
    if "valid_date" in values:
        came["valid_date"] = exists(
            values["valid_date"], bool(re.fullmatch(r"20\d\d-\d\d", values["valid_date"].value))
        )
    return came


_ONCE = r"公\s*民\s*身\s*份\s*号\s*码", r"住\s*址", r"出\s*生", r"签\s*发\s*机\s*关", r"有\s*效\s*期"
_ID_MUST = {
    "sex": "what the identity number says", "ethnicity": "one of the 56",
    "birth_date": "what the identity number says, or a day that exists",
    "id_number": "GB 11643's check digit (ISO 7064, MOD 11-2) and a day that exists",
    "valid_from": "a day that exists", "valid_until": "a day that exists",
}  # fmt: skip
ID_CARD = Kind(
    "id_card", _is_id_card, _read_id_card, _check_id_card, _ONCE, _ID_MUST,
    ("name", "address", "issuing_authority"),
)  # fmt: skip
_BANK_MUST = {"card_number": "Luhn's check digit, 13 to 19 digits", "valid_date": "a month"}
BANK_CARD = Kind(
    "bank_card", _is_bank_card, _read_bank_card, _check_bank_card, (_CARD,), _BANK_MUST,
    ("bank_name", "card_type", "holder_name"),
)  # fmt: skip
