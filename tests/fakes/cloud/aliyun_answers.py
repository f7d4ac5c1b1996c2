"""What Alibaba Cloud answers: the fields of its documentation, filled with what was read."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.cloud import fields, grid
from tests.fakes.cloud.fields import SPARSE, Field
from tests.fakes.cloud.reading import CHINESE, Box, Char, Line, around, measure, read
from tests.fakes.cloud.server import Refused

type Json = dict[str, Any]
type Params = Mapping[str, str]


def on(params: Params, switch: str) -> bool:
    return params.get(switch, "").lower() == "true"


def points(box: Box) -> list[dict[str, int]]:
    left, top, right, bottom = box
    return [{"x": x, "y": y} for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]


def sizes(image: bytes) -> Json:
    picture = measure(image)
    return {
        "height": picture.height,
        "width": picture.width,
        "orgHeight": picture.height,
        "orgWidth": picture.width,
    }


def general(image: bytes, params: Params) -> Json:
    """RecognizeGeneral knows no switches."""
    return _text(image, apart=False)


def advanced(image: bytes, params: Params) -> Json:
    return _text(image, apart=on(params, "OutputCharInfo"))


def _text(image: bytes, *, apart: bool) -> Json:
    return _text_of(image, read(image), apart=apart)


def _text_of(image: bytes, lines: tuple[Line, ...], *, apart: bool) -> Json:
    return {
        "algo_version": "",
        "angle": 0,
        "content": " ".join(line.text for line in lines),
        "prism_version": "1.0.9",
        "prism_wnum": len(lines),
        "prism_wordsInfo": [_line(line, apart) for line in lines],
        **sizes(image),
    }


def _line(line: Line, apart: bool) -> Json:
    left, top, right, bottom = line.box
    width, height = right - left, bottom - top
    upright = width >= height
    shown: Json = {
        # What is taller than wide is told as lying on its side, with width and height exchanged: only `pos` is plain.
        "angle": 0 if upright else -90,
        "width": width if upright else height,
        "height": height if upright else width,
        "direction": 0,
        "pos": points(line.box),
        "prob": round(line.confidence),
        "word": line.text,
        "x": left,
        "y": top,
    }
    if apart:
        shown["charInfo"] = [_char(char) for char in line.chars]
    return shown


def _char(char: Char) -> Json:
    left, top, right, bottom = char.box
    return {
        "prob": round(char.confidence),
        "word": char.text,
        "x": left,
        "y": top,
        "w": right - left,
        "h": bottom - top,
    }


def table(image: bytes, params: Params) -> Json:
    """A cell's last row and column are its own, not the next one's."""
    page = grid.page(image)
    lines = read(image, CHINESE, SPARSE)
    return _text_of(image, lines, apart=False) | {
        "prism_tablesInfo": [
            {
                "tableId": number,
                "xCellSize": found.columns,
                "yCellSize": found.rows,
                "cellInfos": [_cell(cell, place) for place, cell in enumerate(found.cells)],
            }
            for number, found in enumerate(page.tables)
        ],
        "tableHeadTail": [
            {
                "tableId": number,
                "head": [line.text for line in page.above] if number == 0 else [],
                "tail": [line.text for line in page.below] if number == len(page.tables) - 1 else [],
            }
            for number in range(len(page.tables))
        ],
    }


def _cell(cell: grid.Cell, place: int) -> Json:
    return {
        "tableCellId": place,
        "word": cell.text,
        "xsc": cell.column,
        "xec": cell.right_column - 1,
        "ysc": cell.row,
        "yec": cell.bottom_row - 1,
        "pos": points(cell.box),
    }


FACE_NAMES = {
    "name": "name",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "birth_date": "birthDate",
    "address": "address",
    "id_number": "idNumber",
}


def id_card(image: bytes, params: Params) -> Json:
    """The side is the one that was found."""
    sides: Json = {}
    if front := fields.id_front(image):
        sides["face"] = _structure(image, {name: front[key] for key, name in FACE_NAMES.items() if key in front})
    if back := fields.id_back(image):
        since, until = back["valid_from"], back["valid_until"]
        box = around((since.box, until.box))
        period = Field(f"{since.text}-{until.text}", box, min(since.confidence, until.confidence))
        sides["back"] = _structure(image, {"issueAuthority": back["issuing_authority"], "validPeriod": period})
    if not sides:
        raise Refused("unmatchedImageType", "The picture does not match the type of the API.")
    if on(params, "OutputQualityInfo"):
        for side in sides.values():
            side["warning"] = {"completenessScore": 99.0, "isCopy": 0, "isReshoot": 0, "qualityScore": 95.0}
    return {"data": sides, **sizes(image)}


def bank_card(image: bytes, params: Params) -> Json:
    found = fields.bank_card(image)
    if not found:
        raise Refused("unmatchedImageType", "The picture does not match the type of the API.")
    names = {"bank_name": "bankName", "card_number": "cardNumber", "valid_date": "validToDate", "card_type": "cardType"}
    answer = _structure(image, {name: found[key] for key, name in names.items() if key in found})
    data = dict.fromkeys(names.values(), "") | answer["data"]
    data["cardNumber"] = data["cardNumber"].replace(" ", "")
    data["cardType"] = {"借记卡": "DC", "贷记卡": "CC", "准贷记卡": "SCC", "预付费卡": "PC"}.get(data["cardType"], "")
    return answer | {"data": data}


INVOICE_NAMES = {
    "invoice_code": "invoiceCode",
    "invoice_number": "invoiceNumber",
    "invoice_date": "invoiceDate",
    "check_code": "checkCode",
    "buyer_name": "purchaserName",
    "buyer_tax_id": "purchaserTaxNumber",
    "amount_without_tax": "invoiceAmountPreTax",
    "tax_amount": "invoiceTax",
    "total_in_words": "totalAmountInWords",
    "total_amount": "totalAmount",
    "seller_name": "sellerName",
    "seller_tax_id": "sellerTaxNumber",
}
INVOICE_TEXTS = (
    *("printedInvoiceCode", "printedInvoiceNumber", "machineCode", "purchaserContactInfo", "purchaserBankAccountInfo"),
    *("passwordArea", "sellerContactInfo", "sellerBankAccountInfo", "recipient", "reviewer", "drawer", "remarks"),
    *("title", "formType", "specialTag"),
)


def invoice(image: bytes, params: Params) -> Json:
    """What is not on the paper is there all the same, and empty."""
    found = fields.invoice(image)
    if not found:
        raise Refused("unmatchedImageType", "The picture does not match the type of the API.")
    answer = _structure(image, {INVOICE_NAMES[key]: field for key, field in found.items()})
    data = dict.fromkeys([*INVOICE_TEXTS, *INVOICE_NAMES.values()], "") | answer["data"]
    data["checkCode"] = data["checkCode"].replace(" ", "")
    return answer | {"data": data | {"invoiceType": "电子普通发票", "invoiceDetails": []}}


def _structure(image: bytes, found: Mapping[str, Field]) -> Json:
    """The values, and once more with their places and probabilities."""
    infos = [
        {
            "key": name,
            "keyProb": 100,
            "value": field.text,
            "valueProb": round(field.confidence),
            "valuePos": points(field.box),
        }
        for name, field in found.items()
    ]
    data = {name: field.text for name, field in found.items()}
    return {"angle": 0, "data": data, "ftype": 0, "prism_keyValueInfo": infos, "sliceRect": {}, **sizes(image)}


OPERATIONS: dict[str, Callable[[bytes, Params], Json]] = {
    "RecognizeGeneral": general,
    "RecognizeAdvanced": advanced,
    "RecognizeHandwriting": advanced,
    "RecognizeTableOcr": table,
    "RecognizeIdcard": id_card,
    "RecognizeBankCard": bank_card,
    "RecognizeInvoice": invoice,
}
