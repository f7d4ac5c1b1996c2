"""What Baidu answers: the fields of its documentation, filled with what was read."""

import re
from collections.abc import Callable, Mapping
from statistics import fmean, pvariance
from typing import Any

from tests.fakes.cloud import fields, grid
from tests.fakes.cloud.fields import Field
from tests.fakes.cloud.reading import CHINESE, ENGLISH, Box, Char, Line, read
from tests.fakes.cloud.server import Refused

type Json = dict[str, Any]
type Params = Mapping[str, str]


def on(params: Params, switch: str) -> bool:
    return params.get(switch, "false") == "true"


def location(box: Box) -> dict[str, int]:
    left, top, right, bottom = box
    return {"left": left, "top": top, "width": right - left, "height": bottom - top}


def corners(box: Box) -> list[dict[str, int]]:
    left, top, right, bottom = box
    return [{"x": x, "y": y} for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]


def general(image: bytes, params: Params) -> Json:
    return _text(image, params, located=True)


def basic(image: bytes, params: Params) -> Json:
    return _text(image, params, located=False)


def _text(image: bytes, params: Params, *, located: bool) -> Json:
    lines = read(image, ENGLISH if params.get("language_type") == "ENG" else CHINESE)
    answer: Json = {"words_result_num": len(lines), "words_result": [_line(line, params, located) for line in lines]}
    if on(params, "detect_direction"):
        answer["direction"] = 0  # whatever comes to a test is upright
    return answer


def _line(line: Line, params: Params, located: bool) -> Json:
    shown: Json = {"words": line.text}
    if on(params, "probability"):
        shares = [char.confidence / 100 for char in line.chars]
        shown["probability"] = {"average": fmean(shares), "min": min(shares), "variance": pvariance(shares)}
    if located:
        shown["location"] = location(line.box)
        if on(params, "vertexes_location"):
            shown["vertexes_location"] = corners(line.box)
        if params.get("recognize_granularity") == "small":
            shown["chars"] = [_char(char, params) for char in line.chars]
    return shown


def _char(char: Char, params: Params) -> Json:
    shown: Json = {"char": char.text, "location": location(char.box)}
    if on(params, "char_probability"):
        shown["char_prob"] = char.confidence / 100
    return shown


def table(image: bytes, params: Params) -> Json:
    page = grid.page(image)
    return {
        "table_num": len(page.tables),
        "tables_result": [
            {
                "table_location": corners(found.box),
                "header": [_beside(line) for line in page.above] if number == 0 else [],
                "body": [_cell(cell) for cell in found.cells],
                "footer": [_beside(line) for line in page.below] if number == len(page.tables) - 1 else [],
            }
            for number, found in enumerate(page.tables)
        ],
    }


def _beside(line: Line) -> Json:
    return {"location": corners(line.box), "words": line.text}


def _cell(cell: grid.Cell) -> Json:
    """Rows and columns are the numbers of the ruled lines around the cell."""
    return {
        "cell_location": corners(cell.box),
        "row_start": cell.row,
        "row_end": cell.bottom_row,
        "col_start": cell.column,
        "col_end": cell.right_column,
        "words": cell.text,
    }


ID_NAMES = {
    "name": "姓名",
    "sex": "性别",
    "ethnicity": "民族",
    "birth_date": "出生",
    "address": "住址",
    "id_number": "公民身份号码",
    "issuing_authority": "签发机关",
    "valid_from": "签发日期",
    "valid_until": "失效日期",
}


def idcard(image: bytes, params: Params) -> Json:
    """The side that was not asked for is read as well, and the status tells."""
    asked = params.get("id_card_side")
    if asked not in ("front", "back"):
        raise Refused("216100")
    front = fields.id_front(image)
    found = front or fields.id_back(image)
    if not found:
        raise Refused("216633")
    words = {
        ID_NAMES[name]: {"words": _id_words(name, field), "location": location(field.box)}
        for name, field in found.items()
    }
    answer: Json = {
        "image_status": "normal" if (asked == "front") == bool(front) else "reversed_side",
        "words_result": words,
        "words_result_num": len(words),
    }
    if front:
        answer["idcard_number_type"] = 1
    if on(params, "detect_direction"):
        answer["direction"] = 0
    if on(params, "detect_risk"):
        answer["risk_type"] = "normal"
    return answer | quality(params)


def quality(params: Params) -> Json:
    return {"card_quality": {"IsClear": 1, "IsComplete": 1, "IsNoCover": 1}} if on(params, "detect_quality") else {}


def _id_words(name: str, field: Field) -> str:
    """Dates are eight figures, whatever is printed."""
    if name not in ("birth_date", "valid_from", "valid_until"):
        return field.text
    parts = re.findall(r"\d+", field.text)
    return "".join(part.zfill(2) for part in parts) or field.text


CARD_TYPES = {"借记卡": 1, "贷记卡": 2, "准贷记卡": 3, "预付费卡": 4}


def bankcard(image: bytes, params: Params) -> Json:
    found = fields.bank_card(image)
    if not found:
        raise Refused("216631")
    texts = {name: field.text for name, field in found.items()}
    result: Json = {
        "bank_card_number": texts["card_number"],
        "valid_date": texts.get("valid_date", "NO VALID"),
        "bank_card_type": CARD_TYPES.get(texts.get("card_type", ""), 0),
        "bank_name": texts.get("bank_name", ""),
        "holder_name": "",
    }
    if on(params, "location"):
        result["bank_card_number_location"] = location(found["card_number"].box)
    return {"direction": 0, "result": result} | quality(params)


INVOICE_NAMES = {
    "invoice_code": "InvoiceCode",
    "invoice_number": "InvoiceNum",
    "invoice_date": "InvoiceDate",
    "check_code": "CheckCode",
    "buyer_name": "PurchaserName",
    "buyer_tax_id": "PurchaserRegisterNum",
    "amount_without_tax": "TotalAmount",
    "tax_amount": "TotalTax",
    "total_in_words": "AmountInWords",
    "total_amount": "AmountInFiguers",
    "seller_name": "SellerName",
    "seller_tax_id": "SellerRegisterNum",
}
INVOICE_TEXTS = (
    *("InvoiceTypeOrg", "InvoiceCodeConfirm", "InvoiceNumConfirm", "InvoiceNumDigit", "InvoiceTag", "MachineNum"),
    *("MachineCode", "Province", "City", "SheetNum", "Agent", "Password", "PurchaserAddress", "PurchaserBank"),
    *("SellerAddress", "SellerBank", "Remarks", "Payee", "Checker", "NoteDrawer", "ServiceType", "TotalTaxDigit"),
)
INVOICE_COLUMNS = ("Name", "Type", "Unit", "Num", "Price", "Amount", "TaxRate", "Tax")


def vat_invoice(image: bytes, params: Params) -> Json:
    """What is not on the paper is there all the same, and empty."""
    found = fields.invoice(image)
    if not found:
        raise Refused("282102", "target detect error")
    words: Json = {**dict.fromkeys(INVOICE_TEXTS, ""), **dict.fromkeys(INVOICE_NAMES.values(), "")}
    words |= {f"Commodity{column}": [] for column in INVOICE_COLUMNS}
    words |= {INVOICE_NAMES[name]: field.text for name, field in found.items()}
    words["CheckCode"] = words["CheckCode"].replace(" ", "")
    words["InvoiceType"] = "电子普通发票"
    return {"words_result": words, "words_result_num": len(words)}


OPERATIONS: dict[str, Callable[[bytes, Params], Json]] = {
    "general": general,
    "general_basic": basic,
    "accurate": general,
    "accurate_basic": basic,
    "handwriting": general,
    "table": table,
    "idcard": idcard,
    "bankcard": bankcard,
    "vat_invoice": vat_invoice,
}
