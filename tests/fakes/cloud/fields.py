"""Finding the fields of a card or an invoice by their printed labels, in what was really read."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from statistics import fmean

from msgspec import Struct

from tests.fakes.cloud.reading import ENGLISH, Box, Line, around, is_wide, read

BLOCK = 6  # Tesseract's "one block of text": it keeps the row of a label and its value together
SPARSE = 11  # "as much text as there is, in no order"
HAN = "chi_sim"

FRONT = {
    "name": "姓名",
    "sex": "性别",
    "ethnicity": "民族",
    "birth_date": "出生",
    "address": "住址",
    "id_number": "公民身份号码",
}
BACK = {"issuing_authority": "签发机关", "valid": "有效期限"}
BANK = {"valid_date": "有效期"}
INVOICE = {
    "invoice_code": "发票代码",
    "invoice_number": "发票号码",
    "invoice_date": "开票日期",
    "check_code": "校验码",
    "buyer_name": "购买方名称",
    "buyer_tax_id": "购买方纳税人识别号",
    "amount_without_tax": "合计金额",
    "tax_amount": "合计税额",
    "total_in_words": "价税合计(大写)",
    "total_amount": "(小写)",
    "seller_name": "销售方名称",
    "seller_tax_id": "销售方纳税人识别号",
}
# Of figures and Latin letters only: read once more as English, which takes no figure for a Chinese character.
LATIN = {
    *("id_number", "valid", "valid_date", "card_number", "invoice_code", "invoice_number", "check_code"),
    *("buyer_tax_id", "seller_tax_id", "amount_without_tax", "tax_amount", "total_amount"),
}
CARD_KINDS = ("准贷记卡", "借记卡", "贷记卡", "预付费卡")
NOWHERE = 1000
EDGES = " :：;；,，.。'\"“”‘’`-_|"


class Field(Struct, frozen=True):
    text: str
    box: Box
    confidence: float


type Fields = dict[str, Field]


class _Glyph(Struct, frozen=True):
    char: str
    box: Box
    confidence: float
    apart: bool  # a blank stands before it


def id_front(image: bytes) -> Fields | None:
    found = _labelled(image, FRONT)
    return _fields(found) if len(found) >= 4 else None


def id_back(image: bytes) -> Fields | None:
    found = _labelled(image, BACK)
    if len(found) < 2:
        return None
    valid = found.pop("valid")
    dash = next((place for place, glyph in enumerate(valid) if glyph.char == "-"), len(valid))
    return _fields(found | {"valid_from": valid[:dash], "valid_until": valid[dash + 1 :]})


def bank_card(image: bytes) -> Fields | None:
    """The number is the line of at least 13 figures; bank and kind have no label, they say what they are."""
    lines = read(image, HAN, BLOCK)
    number = next((field for line in read(image, ENGLISH, SPARSE) if (field := _card_number(line))), None)
    if not number:
        return None
    found = _fields(_labelled(image, BANK)) | {"card_number": number}
    for line in lines:
        glyphs = _glyphs(line)
        text = "".join(glyph.char for glyph in glyphs)
        if (end := text.find("银行")) >= 0:
            found["bank_name"] = _field(glyphs[: end + 2])
        for kind in CARD_KINDS:
            if (start := _find(text, kind)[1]) >= 0 and "card_type" not in found:
                kind_glyphs = glyphs[start : start + len(kind)]
                found["card_type"] = Field(kind, around(glyph.box for glyph in kind_glyphs), 90.0)
    return found if {"bank_name", "valid_date"} & set(found) else None


def invoice(image: bytes) -> Fields | None:
    found = _labelled(image, INVOICE)
    return _fields(found) if len(found) >= 6 else None


def _card_number(line: Line) -> Field | None:
    glyphs = [glyph for glyph in _glyphs(line) if glyph.char.isascii()]
    figures = sum(glyph.char.isdigit() for glyph in glyphs)
    return _field(glyphs) if 13 <= figures == len(glyphs) <= 19 else None


def _labelled(image: bytes, labels: Mapping[str, str]) -> dict[str, list[_Glyph]]:
    found: dict[str, list[_Glyph]] = {}
    for line in read(image, HAN, BLOCK):
        for name, value in _values(_glyphs(line), labels):
            if name not in found and value:
                found[name] = value
    return {name: _reread(image, value) if name in LATIN else value for name, value in found.items()}


def _values(glyphs: list[_Glyph], labels: Mapping[str, str]) -> Iterable[tuple[str, list[_Glyph]]]:
    """What stands between a label and the next one, or the end of the line."""
    text = "".join(glyph.char for glyph in glyphs)
    finds = [(*_find(text, label), name, len(label)) for name, label in labels.items()]
    at: dict[int, tuple[str, int]] = {}
    # The surer and the longer label first: another may be a part of it, or very like it.
    for errors, start, name, length in sorted(finds, key=lambda find: (find[0], -find[3])):
        free = all(start + length <= begin or start >= end for begin, (_, end) in at.items())
        if errors < NOWHERE and free:
            at[start] = name, start + length
    for start, following in pairwise([*sorted(at), len(glyphs)]):
        name, end = at[start]
        yield name, _trimmed(glyphs[end:following])


def _find(text: str, label: str) -> tuple[int, int]:
    """In how many characters the best match differs, and where it begins; one in three may be misread."""
    best = NOWHERE, -1
    for start in range(len(text) - len(label) + 1):
        pairs = zip(text[start : start + len(label)], label, strict=True)
        best = min(best, (sum(one != other for one, other in pairs), start))
    return best if best[0] <= len(label) // 3 else (NOWHERE, -1)


def _glyphs(line: Line) -> list[_Glyph]:
    glyphs: list[_Glyph] = []
    for word in line.words:
        for number, char in enumerate(word.chars):
            text = char.text.replace("（", "(").replace("）", ")")
            apart = number == 0 and bool(glyphs) and not (is_wide(glyphs[-1].char) or is_wide(text[0]))
            glyphs += [_Glyph(one, char.box, char.confidence, apart and not place) for place, one in enumerate(text)]
    return glyphs


def _trimmed(glyphs: list[_Glyph]) -> list[_Glyph]:
    while glyphs and glyphs[0].char in EDGES:
        glyphs = glyphs[1:]
    while glyphs and glyphs[-1].char in EDGES:
        glyphs = glyphs[:-1]
    return glyphs


def _field(glyphs: list[_Glyph]) -> Field:
    text = "".join(f" {glyph.char}" if glyph.apart else glyph.char for glyph in glyphs).strip()
    return Field(text, around(glyph.box for glyph in glyphs), fmean(glyph.confidence for glyph in glyphs))


def _fields(found: Mapping[str, list[_Glyph]]) -> Fields:
    return {name: _field(glyphs) for name, glyphs in found.items() if glyphs}


def _reread(image: bytes, value: list[_Glyph]) -> list[_Glyph]:
    """The same place in an English reading, if there is anything."""
    left, top, right, bottom = around(glyph.box for glyph in value)
    glyphs = []
    for line in read(image, ENGLISH, SPARSE):
        for glyph in _glyphs(line):
            x, y = (glyph.box[0] + glyph.box[2]) / 2, (glyph.box[1] + glyph.box[3]) / 2
            if left - 4 <= x <= right + 4 and top - 4 <= y <= bottom + 4:
                glyphs.append(glyph)
    return _trimmed(glyphs) or value
