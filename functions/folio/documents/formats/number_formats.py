"""Numbers and dates of Excel as they are shown (ECMA-376-1, 18.8.30): what a reader sees is what is read."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from folio.documents.formats.xml import attribute, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# The forms that files name by number alone; those of East Asia are mostly dates.
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日",
    32: "h时mm分", 33: "h时mm分ss秒", 36: "yyyy年m月", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: "yyyy年m月", 51: "m月d日",
    57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[(h+|m+|s+)\]|\[[^\]]*\]|(AM/PM|A/P|上午/下午)'
                    r"|(y+|m+|d+|h+|s+)|([#0?.,/]+)|(E[+-])|(.)", re.IGNORECASE)  # fmt: skip
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 (dates on paper have no zone)
_MAX_DAYS = 2_958_465  # the end of the year 9999
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class NumberFormats:
    """The forms of a workbook's numbers."""

    def __init__(self, styles: Sequence["Element"], *, is_1904: bool) -> None:
        self._epoch = _EPOCH_1904 if is_1904 else _EPOCH
        self._forms: list[str] = []
        for root in styles:
            custom = {
                attribute(one, "numFmtId"): attribute(one, "formatCode")
                for one in root.iter()
                if local(one) == "numFmt"
            }
            for used in (cell for one in root if local(one) == "cellXfs" for cell in one):
                number = attribute(used, "numFmtId", "0")
                self._forms.append(custom.get(number, _BUILT_IN.get(int(number) if number.isdigit() else 0, "")))

    def shown(self, value: str, style: str) -> str:
        """Return a number as a cell of that style shows it; as it is where the form is not one of the common ones."""
        try:
            number = float(value)
        except ValueError:
            return value
        index = int(style) if style.isdigit() else 0
        form = self._forms[index] if index < len(self._forms) else ""
        return formatted(number, form, self._epoch)


def formatted(number: float, form: str, epoch: datetime = _EPOCH) -> str:
    if not form or form in ("General", "@") or number != number or abs(number) > 1e300:
        return _general(number)
    sections = form.split(";")
    if number < 0 and len(sections) > 1 and sections[1].strip():
        chosen, number = sections[1], -number
    else:
        chosen = sections[2] if number == 0 and len(sections) > 2 and sections[2].strip() else sections[0]
    if "General" in chosen:
        return chosen.replace("General", _general(number)).replace('"', "")
    if _is_date(chosen):
        return _date(number, chosen, epoch) if 0 <= number <= _MAX_DAYS else _general(number)
    return _number(number, chosen)


def _general(number: float) -> str:
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else f"{number:.15g}"


def _is_date(form: str) -> bool:
    return any(match[4] or match[5] or match[6] for match in _TOKEN.finditer(form))


def _number(number: float, form: str) -> str:
    digits = next((match[7] for match in _TOKEN.finditer(form) if match[7]), "")
    if not digits or "/" in digits:
        return _general(number) if digits else "".join(_literal(match) for match in _TOKEN.finditer(form))
    number *= 100 ** sum(match[9] == "%" for match in _TOKEN.finditer(form))
    if "E" in form.upper() and any(match[8] for match in _TOKEN.finditer(form)):
        return f"{number:.{len(digits.partition('.')[2].rstrip('#'))}E}"
    shortened = digits.rstrip(",")
    number /= 1000 ** (len(digits) - len(shortened))
    whole, _, decimals = shortened.partition(".")
    text = f"{number:{',' if ',' in whole else ''}.{len(decimals)}f}"
    if optional := len(decimals) - len(decimals.rstrip("#?")):
        required = len(decimals) - optional
        head, _, tail = text.partition(".")
        tail = tail[:required] + tail[required:].rstrip("0")
        text = f"{head}.{tail}" if tail else head
    width = sum(character == "0" for character in whole)
    text = text.rjust(width, "0") if width > len(text.partition(".")[0]) and "," not in whole else text
    return _filled(form, text)


def _filled(form: str, text: str) -> str:
    """Put a number into the place of the first digits of a form."""
    parts, is_placed = [], False
    for match in _TOKEN.finditer(form):
        if match[7]:
            parts.append("" if is_placed else text)
            is_placed = True
        else:
            parts.append(_literal(match))
    return "".join(parts).strip()


def _literal(match: re.Match[str]) -> str:
    return match[1] or match[2] or match[3] or match[9] or ""


def _date(number: float, form: str, epoch: datetime) -> str:
    moment = epoch + timedelta(days=int(number), seconds=round(number % 1 * 86_400))
    matches = list(_TOKEN.finditer(form))
    is_half = any(match[5] for match in matches)
    codes = [(match[6] or match[4] or "").lower() for match in matches]
    parts = []
    for index, (match, code) in enumerate(zip(matches, codes, strict=True)):
        if match[4]:
            unit = {"h": 24, "m": 1440, "s": 86_400}[code[0]]
            parts.append(str(int(number * unit + 1e-6)).rjust(len(code), "0"))
        elif code:
            parts.append(_part(moment, "minute" + code if _are_minutes(codes, index) else code, is_half=is_half))
        elif match[5]:
            halves = ("上午", "下午") if match[5] == "上午/下午" else ("AM", "PM")
            parts.append(halves[moment.hour >= 12])
        else:
            parts.append(match[7].strip("0#?") if match[7] else _literal(match))
    return "".join(parts).strip()


def _are_minutes(codes: Sequence[str], index: int) -> bool:
    """Return whether an m means minutes: after hours, or before seconds."""
    if codes[index][0] != "m" or len(codes[index]) > 2:
        return False
    before = next((code for code in reversed(codes[:index]) if code), "")
    after = next((code for code in codes[index + 1 :] if code), "")
    return before[:1] == "h" or after[:1] == "s"


def _part(moment: datetime, code: str, *, is_half: bool) -> str:
    if code.startswith("minute"):
        return f"{moment.minute:0{len(code) - 6}}"
    if code[0] == "y":
        return f"{moment.year}" if len(code) > 2 else f"{moment.year % 100:02}"
    if code[0] in "md" and len(code) > 2:
        name = _MONTHS[moment.month - 1] if code[0] == "m" else _WEEKDAYS[moment.weekday()]
        return name[:1] if len(code) == 5 else name if len(code) == 4 else name[:3]
    hour = (moment.hour % 12 or 12) if is_half else moment.hour
    value = {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second}[code[0]]
    return f"{value:0{min(len(code), 2)}}"
