"""What values of papers must be: their check digits, and amounts written in figures and in words."""

import re
from datetime import date

_ID_CARD = "10X98765432"  # GB 11643: ISO 7064, MOD 11-2
_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: without I, O, S, V and Z
_NO_LETTERS = str.maketrans("OISZ", "0152")
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_DIGITS = {
    sign: value for signs in ("零壹贰叁肆伍陆柒捌玖", "〇一二三四五六七八九") for value, sign in enumerate(signs)
}
_UNITS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
# No amount has more digits, and Python refuses to count beyond 4,300.
_AMOUNT = re.compile(r"-?\d{1,3}(?:,\d{3}){1,9}(?:\.\d{1,2})?|-?\d{1,30}(?:\.\d{1,2})?")


def is_id_number(value: str) -> bool:
    """Return whether an identity number's last character is the check of the others, and its day of birth exists."""
    if not re.fullmatch(r"[0-9]{17}[0-9Xx]", value) or not birth_date(value):
        return False
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(value[:17]))
    return _ID_CARD[total % 11] == value[17].upper()


def birth_date(id_number: str) -> str | None:
    """Return the day in an identity number, if it exists."""
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14])).isoformat()
    except ValueError:
        return None


def is_card_number(value: str) -> bool:
    """Return whether Luhn's check holds for 13 to 19 digits."""
    if not re.fullmatch(r"[0-9]{13,19}", value):
        return False
    total = sum(sum(divmod(int(digit) * (1 + at % 2), 10)) for at, digit in enumerate(reversed(value)))
    return total % 10 == 0 and len(set(value)) > 2


def is_credit_code(value: str) -> bool:
    """Return whether a unified social credit code's last character is the check of the others."""
    if len(value) != 18 or set(value) - set(_CREDIT_CODE):
        return False
    total = sum(_CREDIT_CODE.index(sign) * pow(3, at, 31) for at, sign in enumerate(value[:17]))
    return _CREDIT_CODE[-total % 31] == value[17]


def as_credit_code(value: str) -> str:
    """Return a code with digits for letters of their look, which no code has, if its check character holds then."""
    code = value.translate(_NO_LETTERS)
    return code if code != value and is_credit_code(code) else value


def is_day(value: str) -> bool:
    """Return whether YYYY-MM-DD exists, in years in which such papers can be."""
    try:
        return 1900 <= date.fromisoformat(value).year <= 2100
    except ValueError:
        return False


def cents(value: str) -> int | None:
    """Return an amount in figures in hundredths; None if it is none."""
    plain = re.sub(r"[^\d.,\-]", "", value)
    if not _AMOUNT.fullmatch(plain):
        return None
    whole, _, rest = plain.replace(",", "").partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole)) * 100 + int(f"{rest:0<2}"))


def cents_in_words(value: str) -> int | None:
    """Return an amount in Chinese words in hundredths; None if it is none."""
    text = re.sub(r"[\s整正]", "", value).replace("元", "圆").replace("(负数)", "负").replace("（负数）", "负")
    sign = -1 if text.startswith("负") else 1
    whole, hint, rest = text.removeprefix("负").partition("圆")
    small = re.fullmatch(r"零?(?:(.)角)?零?(?:(.)分)?", rest)
    if not small or not hint or (yuan := _whole(whole)) is None:
        return None
    tenths, hundredths = (_DIGITS.get(sign, -1) if sign else 0 for sign in small.groups())
    return sign * (yuan * 100 + tenths * 10 + hundredths) if min(tenths, hundredths) >= 0 else None


def _whole(text: str) -> int | None:
    """Return a whole number in words. Each unit must be smaller than the one before it: what is missing is noticed."""
    total = section = digit = 0
    above, big_above = 10_000, 10**12
    for sign in text:
        if sign in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[sign]
        elif digit and sign in _UNITS and _UNITS[sign] < above:
            section, digit, above = section + digit * _UNITS[sign], 0, _UNITS[sign]
        elif (big := {"万": 10**4, "亿": 10**8}.get(sign, big_above)) < big_above:
            total, section, digit, above, big_above = total + (section + digit) * big, 0, 0, 10_000, big
        else:
            return None
    return total + section + digit if text else None


def in_words(cents: int) -> str:
    """Write an amount as it stands on invoices, with 零 where one may stand, without the 整 at its end."""
    yuan, rest = divmod(abs(cents), 100)
    text, above = "", 0
    for section, unit in ((yuan // 10**8, "亿"), (yuan // 10**4 % 10**4, "万"), (yuan % 10**4, "")):
        if section:
            text += "零" * (bool(text) and (section < 1000 or above % 10 == 0)) + _section(section) + unit
        above = section
    text = (text or "零") + "圆"
    tenths, hundredths = divmod(rest, 10)
    text += f"{_FORMAL[tenths]}角" if tenths else "零" * bool(hundredths)
    return "负" * (cents < 0) + text + (f"{_FORMAL[hundredths]}分" if hundredths else "")


def _section(number: int) -> str:
    """Write a number below 10,000."""
    text = ""
    for power, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // power % 10
        if digit:
            text += _FORMAL[digit] + unit
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")
