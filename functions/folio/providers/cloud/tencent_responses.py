"""Tencent Cloud's answers as Folio's text: the forms they come in, by mode."""

from typing import Any

import msgspec
from msgspec import Struct, field

from folio.config.options import Options
from folio.models import Cell, Field, Line, PageText, Table
from folio.providers.cloud import fields
from folio.providers.cloud.faults import CallFailed, ErrorKind
from folio.providers.cloud.lines import Unit, line, page_text, percent, polygon_of
from folio.text import field_values
from folio.transform import Polygon

_ID_CARD = {
    "Name": "name",
    "Sex": "sex",
    "Nation": "ethnicity",
    "Birth": "birth_date",
    "Address": "address",
    "IdNum": "id_number",
    "Authority": "issuing_authority",
}
_BANK_CARD = {"CardNo": "card_number", "BankInfo": "bank_name", "CardType": "card_type", "ValidDate": "valid_date"}
_INVOICE = {
    "发票类型": "invoice_type",
    "发票名称": "invoice_type",
    "发票代码": "invoice_code",
    "发票号码": "invoice_number",
    "开票日期": "invoice_date",
    "校验码": "check_code",
    "机器编号": "machine_number",
    "购买方名称": "buyer_name",
    "购买方识别号": "buyer_tax_id",
    "购买方地址、电话": "buyer_address_phone",
    "购买方开户行及账号": "buyer_bank_account",
    "销售方名称": "seller_name",
    "销售方识别号": "seller_tax_id",
    "销售方地址、电话": "seller_address_phone",
    "销售方开户行及账号": "seller_bank_account",
    "合计金额": "amount_without_tax",
    "合计税额": "tax_amount",
    "小写金额": "total_amount",
    "价税合计(大写)": "total_in_words",
    "备注": "remarks",
    "收款人": "payee",
    "复核": "reviewer",
    "开票人": "drawer",
}
_ITEM = ("Name", "Spec", "Unit", "Quantity", "UnitPrice", "AmountWithoutTax", "TaxRate", "TaxAmount")  # as fields.ITEM
_NO_TABLE = 0  # a block of text beside the tables


class _Point(Struct, rename="pascal"):
    x: float
    y: float


class _Character(Struct, rename="pascal"):
    character: str = ""
    confidence: float | None = None


class _Place(Struct, rename="pascal"):
    word_coordinate: list[_Point] | None = None


class _Corners(Struct, rename="pascal"):
    left_top: _Point | None = None
    right_top: _Point | None = None
    right_bottom: _Point | None = None
    left_bottom: _Point | None = None

    def polygon(self) -> Polygon | None:
        points = (self.left_top, self.right_top, self.right_bottom, self.left_bottom)
        return polygon_of([(point.x, point.y) for point in points if point])


class _Detection(Struct, rename="pascal"):
    detected_text: str
    polygon: list[_Point]
    confidence: float | None = None
    advanced_info: str | None = None
    words: list[_Character] | None = None
    word_coord_point: list[_Place] | None = None
    word_polygon: list[_Corners] | None = None  # handwriting

    def line(self) -> Line:
        corners = _polygon(self.polygon)
        if corners is None:
            raise msgspec.ValidationError("a line without four corners")
        return line(self.detected_text, percent(self.confidence), corners, self._units())

    def _units(self) -> list[Unit]:
        characters = self.words or []
        polygons = [_polygon(polygon.word_coordinate) for polygon in self.word_coord_point or []]
        if self.word_polygon:
            characters = [_Character(sign) for sign in self.detected_text if not sign.isspace()]
            polygons = [corners.polygon() for corners in self.word_polygon]
        if len(characters) != len(polygons):
            return []
        pairs = zip(characters, polygons, strict=True)
        return [Unit(one.character, polygon, percent(one.confidence)) for one, polygon in pairs if polygon]

    def paragraph(self) -> int:
        try:
            info = msgspec.json.decode(self.advanced_info or "{}", type=_Advanced)
        except msgspec.MsgspecError:
            return 0
        return info.parag.number


class _Parag(Struct):
    number: int = field(name="ParagNo", default=0)


class _Advanced(Struct, rename="pascal"):
    parag: _Parag = field(default_factory=_Parag)


class _Text(Struct, rename="pascal"):
    text_detections: list[_Detection] | None  # always there: what is none must not look like a blank page


class _Cell(Struct, rename="pascal"):
    text: str = ""
    col_tl: int = 0
    row_tl: int = 0
    col_br: int = 0
    row_br: int = 0
    confidence: float | None = None
    polygon: list[_Point] | None = None


class _Table(Struct, rename="pascal"):
    cells: list[_Cell] | None = None
    type: int = 1
    table_coord_point: list[_Point] | None = None


class _Tables(Struct, rename="pascal"):
    table_detections: list[_Table] | None


class _Info(Struct, rename="pascal"):
    name: str
    value: str = ""
    polygon: _Corners | None = None


class _Invoice(Struct, rename="pascal"):
    vat_invoice_infos: list[_Info] | None = None
    items: list[dict[str, Any]] | None = None


class _Envelope[T](Struct, rename="pascal"):
    response: T


def read(options: Options, body: bytes) -> PageText:
    """What an answer says; coordinates in the pixels of the image that was sent. Raises CallFailed."""
    try:
        match options.mode:
            case "table":
                return _tables(msgspec.json.decode(body, type=_Envelope[_Tables]).response)
            case "id_card":
                return _id_card(msgspec.json.decode(body, type=_Envelope[dict[str, Any]]).response)
            case "bank_card":
                return _bank_card(msgspec.json.decode(body, type=_Envelope[dict[str, Any]]).response)
            case "invoice":
                return _invoice(msgspec.json.decode(body, type=_Envelope[_Invoice]).response)
            case _:
                matches = msgspec.json.decode(body, type=_Envelope[_Text]).response.text_detections or []
                return page_text((one.line() for one in matches), [one.paragraph() for one in matches])
    except (msgspec.MsgspecError, TypeError, AttributeError, ValueError):
        raise CallFailed(ErrorKind.TRANSIENT_ONCE, "an answer of another form") from None


def _polygon(points: list[_Point] | None) -> Polygon | None:
    return polygon_of([(point.x, point.y) for point in points or []])


def _named(answer: dict[str, Any], names: dict[str, str]) -> list[Field | None]:
    return [field_values.field(name, str(answer.get(key) or ""), key) for key, name in names.items()]


def _id_card(answer: dict[str, Any]) -> PageText:
    matches = _named(answer, _ID_CARD) + field_values.validity(str(answer.get("ValidDate") or ""), "ValidDate")
    if not any(matches):
        raise CallFailed(ErrorKind.REJECTED, "no field")
    advanced = msgspec.json.decode(answer.get("AdvancedInfo") or "{}", type=dict[str, Any])
    warnings = [f"tencent: warning {code} about the card." for code in advanced.get("WarnInfos") or []]
    if "Quality" in advanced:
        warnings.append(f"tencent: quality {advanced['Quality']} of 100.")
    return fields.fields_text(matches, warnings)


def _bank_card(answer: dict[str, Any]) -> PageText:
    matches = _named(answer, _BANK_CARD)
    if not any(matches):
        raise CallFailed(ErrorKind.REJECTED, "no field")
    warnings = [f"tencent: warning {code} about the card." for code in answer.get("WarningCode") or []]
    if answer.get("QualityValue") is not None:
        warnings.append(f"tencent: quality {answer['QualityValue']} of 100.")
    return fields.fields_text(matches, warnings)


def _invoice(answer: _Invoice) -> PageText:
    matches: dict[str, Field | None] = {}
    for info in answer.vat_invoice_infos or []:
        plain = info.name.strip("（）()").replace("（", "(").replace("）", ")")
        name = _INVOICE.get(info.name.replace("（", "(").replace("）", ")")) or _INVOICE.get(plain)
        if name and name not in matches:
            polygon = info.polygon.polygon() if info.polygon else None
            matches[name] = field_values.field(name, info.value, info.name, polygon=polygon)
    if not any(matches.values()):
        raise CallFailed(ErrorKind.REJECTED, "no invoice")
    rows = [[str(item.get(key) or "") for key in _ITEM] for item in answer.items or []]
    return fields.fields_text(matches.values(), tables=fields.item_table(rows))


def _tables(answer: _Tables) -> PageText:
    tables: list[Table] = []
    others: list[Line] = []
    for block in answer.table_detections or []:
        if block.type == _NO_TABLE:
            others += [
                line(cell.text, percent(cell.confidence), corners)
                for cell in block.cells or []
                if cell.text and (corners := _polygon(cell.polygon))
            ]
        else:
            cells = tuple(_cell(cell) for cell in block.cells or [])
            tables.append(Table(cells=cells, polygon=_polygon(block.table_coord_point)))
    return fields.table_text(tables, others)


def _cell(cell: _Cell) -> Cell:
    return Cell(
        text=cell.text,
        row=max(0, cell.row_tl),
        column=max(0, cell.col_tl),
        row_span=max(1, cell.row_br - cell.row_tl),
        column_span=max(1, cell.col_br - cell.col_tl),
        confidence=percent(cell.confidence),
        polygon=_polygon(cell.polygon),
    )
