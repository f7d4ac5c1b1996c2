"""What Tencent Cloud answers: the fields of its SDK's models, filled with what was read."""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.cloud import fields, grid
from tests.fakes.cloud.fields import Field
from tests.fakes.cloud.reading import Box, Line, read
from tests.fakes.cloud.server import Refused

type Json = dict[str, Any]
type Params = Mapping[str, str]


def on(params: Params, switch: str) -> bool:
    return params.get(switch, "false") == "true"


def coords(box: Box) -> list[dict[str, int]]:
    left, top, right, bottom = box
    return [{"X": x, "Y": y} for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]


def found(image: bytes) -> tuple[Line, ...]:
    if lines := read(image):
        return lines
    raise Refused("FailedOperation.ImageNoText", "No text was found in the picture.")


def general(image: bytes, params: Params) -> Json:
    return {"TextDetections": [_line(line, params) for line in found(image)], "Angle": 0.0, "Angel": 0.0}


def basic(image: bytes, params: Params) -> Json:
    return general(image, params) | {"Language": "zh", "PdfPageSize": 0}


def _line(line: Line, params: Params) -> Json:
    left, top, right, bottom = line.box
    chars = line.chars if on(params, "IsWords") else ()
    return {
        "DetectedText": line.text,
        "Confidence": round(line.confidence),
        "Polygon": coords(line.box),
        "AdvancedInfo": '{"Parag":{"ParagNo":1}}',
        "ItemPolygon": {"X": left, "Y": top, "Width": right - left, "Height": bottom - top},
        "Words": [{"Character": char.text, "Confidence": round(char.confidence)} for char in chars],
        "WordCoordPoint": [{"WordCoordinate": coords(char.box)} for char in chars],
    }


def handwriting(image: bytes, params: Params) -> Json:
    return {
        "TextDetections": [_written(line, on(params, "EnableWordPolygon")) for line in found(image)],
        "Angle": 0.0,
        "Angel": 0.0,
    }


def _written(line: Line, apart: bool) -> Json:
    return {
        "DetectedText": line.text,
        "Confidence": round(line.confidence),
        "Polygon": coords(line.box),
        "AdvancedInfo": '{"Parag":{"ParagNo":1}}',
        "WordPolygon": [polygon(char.box) for char in line.chars] if apart else [],
    }


def polygon(box: Box) -> Json:
    names = ("LeftTop", "RightTop", "RightBottom", "LeftBottom")
    return dict(zip(names, coords(box), strict=True))


def table(image: bytes, params: Params) -> Json:
    """Text that stands in no table comes as a table of type 0, with cells that are at -1."""
    page = grid.page(image)
    outside = [_loose(line) for line in (*page.above, *page.below)]
    if not page.tables and not outside:
        raise Refused("FailedOperation.ImageNoText", "No text was found in the picture.")
    tables = [
        {"Cells": [_cell(cell) for cell in ruled.cells], "Type": 1, "TableCoordPoint": coords(ruled.box)}
        for ruled in page.tables
    ]
    workbook = base64.b64encode(b"PK, and so on: the service sends a workbook here").decode()
    return {"TableDetections": outside + tables, "Data": workbook, "PdfPageSize": 0, "Angle": 0.0}


def _cell(cell: grid.Cell) -> Json:
    return {
        "ColTl": cell.column,
        "RowTl": cell.row,
        "ColBr": cell.right_column,
        "RowBr": cell.bottom_row,
        "Text": cell.text,
        "Type": "body",
        "Confidence": round(cell.confidence),
        "Polygon": coords(cell.box),
    }


def _loose(line: Line) -> Json:
    at = dict.fromkeys(("ColTl", "RowTl", "ColBr", "RowBr"), -1)
    text = {"Text": line.text, "Type": "header", "Confidence": round(line.confidence), "Polygon": coords(line.box)}
    return {"Cells": [at | text], "Type": 0, "TableCoordPoint": coords(line.box)}


ID_NAMES = {
    "name": "Name",
    "sex": "Sex",
    "ethnicity": "Nation",
    "birth_date": "Birth",
    "address": "Address",
    "id_number": "IdNum",
    "issuing_authority": "Authority",
}


def id_card(image: bytes, params: Params) -> Json:
    """Every name is there, empty for the other side; without CardSide the service looks for itself."""
    side = params.get("CardSide", "")
    if side not in ("", "FRONT", "BACK"):
        raise Refused("InvalidParameterValue.InvalidParameterValueLimit")
    front, back = fields.id_front(image), fields.id_back(image)
    found = front or back
    if not found:
        raise Refused("FailedOperation.ImageNoIdCard", "There is no identity card in the picture.")
    if side and (side == "FRONT") != bool(front):
        raise Refused("FailedOperation.CardSideError", "This is the card's other side.")
    answer = dict.fromkeys([*ID_NAMES.values(), "ValidDate"], "")
    answer |= {ID_NAMES[name]: field.text for name, field in found.items() if name in ID_NAMES}
    answer["Birth"] = "/".join(str(int(part)) for part in re.findall(r"\d+", answer["Birth"]))
    if "valid_from" in found and "valid_until" in found:
        answer["ValidDate"] = f"{found['valid_from'].text}-{found['valid_until'].text}"
    return answer | {"AdvancedInfo": "{}", "ReflectDetailInfos": []}


def bank_card(image: bytes, params: Params) -> Json:
    found = fields.bank_card(image)
    if not found:
        raise Refused("FailedOperation.NoBankCardError", "There is no bank card in the picture.")
    texts = {name: field.text for name, field in found.items()}
    month, slash, year = texts.get("valid_date", "").partition("/")
    return {
        "CardNo": texts["card_number"].replace(" ", ""),
        "BankInfo": f"{texts['bank_name']}(99010000)" if "bank_name" in texts else "",
        "ValidDate": f"{month}/20{year}" if slash else "",
        "CardType": texts.get("card_type", ""),
        "CardName": "",
        "CardCategory": "标准实体银行卡",
        "BorderCutImage": None,
        "CardNoImage": None,
        "WarningCode": [],
        "QualityValue": 95 if on(params, "EnableQualityValue") else None,
    }


INVOICE_NAMES = {
    "invoice_code": "发票代码",
    "invoice_number": "发票号码",
    "invoice_date": "开票日期",
    "check_code": "校验码",
    "buyer_name": "购买方名称",
    "buyer_tax_id": "购买方识别号",
    "amount_without_tax": "合计金额",
    "tax_amount": "合计税额",
    "total_in_words": "价税合计(大写)",
    "total_amount": "小写金额",
    "seller_name": "销售方名称",
    "seller_tax_id": "销售方识别号",
}
INVOICE_SIGNS = {"invoice_number": "No", "amount_without_tax": "¥", "tax_amount": "¥", "total_amount": "¥"}


def vat_invoice(image: bytes, params: Params) -> Json:
    found = fields.invoice(image)
    if not found:
        raise Refused("FailedOperation.OcrFailed", "There is no invoice in the picture.")
    infos: list[Json] = [
        {"Name": INVOICE_NAMES[name], "Value": _invoice_value(name, field), "Polygon": polygon(field.box)}
        for name, field in found.items()
    ]
    infos.append({"Name": "发票类型", "Value": "增值税电子普通发票", "Polygon": None})
    return {"VatInvoiceInfos": infos, "Items": [], "PdfPageSize": 0, "Angle": 0.0}


def _invoice_value(name: str, field: Field) -> str:
    """Numbers and amounts come with their signs, the check code without its blanks."""
    text = field.text.replace(" ", "") if name == "check_code" else field.text
    return INVOICE_SIGNS.get(name, "") + text


OPERATIONS: dict[str, Callable[[bytes, Params], Json]] = {
    "GeneralBasicOCR": basic,
    "GeneralAccurateOCR": general,
    "GeneralHandwritingOCR": handwriting,
    "RecognizeTableAccurateOCR": table,
    "IDCardOCR": id_card,
    "BankCardOCR": bank_card,
    "VatInvoiceOCR": vat_invoice,
}
