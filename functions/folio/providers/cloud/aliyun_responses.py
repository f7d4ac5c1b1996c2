"""Alibaba Cloud's answers as Folio's text: the forms they come in, by mode."""

from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from folio.config.options import Options
from folio.models import Cell, Field, Line, PageText, Table
from folio.providers.cloud import fields
from folio.providers.cloud.faults import CallFailed, ErrorKind
from folio.providers.cloud.lines import Unit, line, page_text, percent, polygon_of
from folio.text import field_values
from folio.text.geometry import transform_text
from folio.transform import Polygon, Transform, box

_ID_CARD = {
    "name": "name",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "birthDate": "birth_date",
    "address": "address",
    "idNumber": "id_number",
    "issueAuthority": "issuing_authority",
}
_BANK_CARD = {
    "cardNumber": "card_number",
    "bankName": "bank_name",
    "cardType": "card_type",
    "validToDate": "valid_date",
}
_INVOICE = {
    "invoiceType": "invoice_type",
    "invoiceCode": "invoice_code",
    "invoiceNumber": "invoice_number",
    "invoiceDate": "invoice_date",
    "checkCode": "check_code",
    "machineCode": "machine_number",
    "purchaserName": "buyer_name",
    "purchaserTaxNumber": "buyer_tax_id",
    "purchaserContactInfo": "buyer_address_phone",
    "purchaserBankAccountInfo": "buyer_bank_account",
    "sellerName": "seller_name",
    "sellerTaxNumber": "seller_tax_id",
    "sellerContactInfo": "seller_address_phone",
    "sellerBankAccountInfo": "seller_bank_account",
    "invoiceAmountPreTax": "amount_without_tax",
    "invoiceTax": "tax_amount",
    "totalAmount": "total_amount",
    "totalAmountInWords": "total_in_words",
    "remarks": "remarks",
    "recipient": "payee",
    "reviewer": "reviewer",
    "drawer": "drawer",
}
_ITEM = ("itemName", "specification", "unit", "quantity", "unitPrice", "amount", "taxRate", "tax")  # as fields.ITEM


class _Point(Struct):
    x: float
    y: float


class _Char(Struct):
    word: str
    x: float
    y: float
    w: float
    h: float
    prob: float | None = None

    def unit(self) -> Unit:
        return Unit(self.word, box(self.x, self.y, self.x + self.w, self.y + self.h), percent(self.prob))


class _Block(Struct):
    word: str
    pos: list[_Point]
    prob: float | None = None
    chars: list[_Char] = field(name="charInfo", default_factory=list)
    paragraph: int = field(name="paragraphId", default=0)

    def line(self) -> Line:
        corners = _polygon(self.pos)
        if corners is None:
            raise msgspec.ValidationError("a line without four corners")
        return line(self.word, percent(self.prob), corners, [char.unit() for char in self.chars])


class _Sized(Struct, rename="camel", kw_only=True):
    """`width` and `height` are of the image as the service turned it, the `org` ones as it was sent."""

    width: float = 0
    height: float = 0
    org_width: float = 0
    org_height: float = 0
    angle: float = 0

    def as_sent(self) -> bool:
        """Whether coordinates are the image's own: nothing was turned, straightened or cut out."""
        return round(self.angle) % 360 == 0 and (self.width, self.height) == (self.org_width, self.org_height)

    def turned(self) -> tuple[Literal[0, 90, 180, 270], Transform]:
        """Clockwise degrees the service turned the image by when asked to, and the way back for its coordinates."""
        wide, high = self.org_width, self.org_height
        match round(self.angle) % 360:  # how far the text is turned clockwise
            case 90:
                return 270, Transform((0, -1, wide, 1, 0, 0, 0, 0, 1))
            case 180:
                return 180, Transform((-1, 0, wide, 0, -1, high, 0, 0, 1))
            case 270:
                return 90, Transform((0, 1, 0, -1, 0, high, 0, 0, 1))
            case _:
                return 0, Transform()


class _Text(_Sized, kw_only=True):
    words: list[_Block] = field(name="prism_wordsInfo", default_factory=list)


class _TableCell(Struct):
    """Rows and columns are counted from 0, the last ones are part of the cell."""

    word: str = ""
    xsc: int = 0
    xec: int = 0
    ysc: int = 0
    yec: int = 0
    pos: list[_Point] = []


class _Table(Struct):
    cells: list[_TableCell] = field(name="cellInfos", default_factory=list)


class _Tables(_Sized, kw_only=True):
    words: list[_Block] = field(name="prism_wordsInfo", default_factory=list)
    tables: list[_Table] = field(name="prism_tablesInfo", default_factory=list)


class _KeyValue(Struct, rename="camel"):
    key: str
    value: str = ""
    value_prob: float | None = None
    value_pos: list[_Point] | None = None


class _Card(_Sized, kw_only=True):
    data: dict[str, Any] = {}
    known: list[_KeyValue] = field(name="prism_keyValueInfo", default_factory=list)
    warning: dict[str, Any] | None = None


class _Sides(Struct):
    face: _Card | None = None
    back: _Card | None = None


class _IdCard(Struct):
    data: _Sides


def read(options: Options, body: bytes) -> PageText:
    """What `Data` says; coordinates in the pixels of the image that was sent. Raises CallFailed."""
    may_turn = ("detect_direction", "true") in options.switches
    try:
        match options.mode:
            case "table":
                return _tables(msgspec.json.decode(body, type=_Tables), may_turn)
            case "id_card":
                return _id_card(msgspec.json.decode(body, type=_IdCard).data, options.id_card_side)
            case "bank_card":
                return _card(msgspec.json.decode(body, type=_Card), _BANK_CARD)
            case "invoice":
                return _card(msgspec.json.decode(body, type=_Card), _INVOICE)
            case _:
                return _text(msgspec.json.decode(body, type=_Text), may_turn)
    except (msgspec.MsgspecError, TypeError, AttributeError, ValueError):
        raise CallFailed(ErrorKind.TRANSIENT_ONCE, "an answer of another form") from None


def _polygon(points: list[_Point] | None) -> Polygon | None:
    return polygon_of([(point.x, point.y) for point in points or []])


def _text(answer: _Text, may_turn: bool) -> PageText:
    read = page_text((one.line() for one in answer.words), [one.paragraph for one in answer.words])
    return _turned_back(read, answer, may_turn)


def _turned_back(read: PageText, answer: _Sized, may_turn: bool) -> PageText:
    if not may_turn:
        return read
    rotation, back = answer.turned()
    return msgspec.structs.replace(transform_text(read, back.polygon), rotation=rotation)


def _id_card(sides: _Sides, side: str) -> PageText:
    cards = [card for name, card in (("front", sides.face), ("back", sides.back)) if card and side in ("auto", name)]
    matches = [one for card in cards for one in _fields(card, _ID_CARD)]
    for card in cards:
        known = _known(card, "validPeriod")
        matches += field_values.validity(str(card.data.get("validPeriod") or ""), "validPeriod", *known)
    if not any(matches):
        raise CallFailed(ErrorKind.REJECTED, "not this side of an ID card")
    warnings = [pair for card in cards for pair in (card.warning or {}).items()]
    return fields.fields_text(matches, [f"aliyun: {name}={value} about the card." for name, value in warnings])


def _card(card: _Card, names: dict[str, str]) -> PageText:
    matches = _fields(card, names)
    if not any(matches):
        raise CallFailed(ErrorKind.REJECTED, "no field")
    rows = [[str(item.get(key) or "") for key in _ITEM] for item in card.data.get("invoiceDetails") or []]
    return fields.fields_text(matches, tables=fields.item_table(rows))


def _fields(card: _Card, names: dict[str, str]) -> list[Field | None]:
    return [
        field_values.field(name, str(card.data.get(key) or ""), key, *_known(card, key)) for key, name in names.items()
    ]


def _known(card: _Card, key: str) -> tuple[float | None, Polygon | None]:
    """Confidence and place of a value."""
    known = next((one for one in card.known if one.key == key), None)
    if known is None:
        return None, None
    return percent(known.value_prob), _polygon(known.value_pos) if card.as_sent() else None


def _tables(answer: _Tables, may_turn: bool) -> PageText:
    tables = [Table(cells=tuple(_cell(cell) for cell in table.cells)) for table in answer.tables]
    # Its words are those of the cells and those beside them alike; only where there is no table are they all there is.
    lines = [] if tables else [one.line() for one in answer.words]
    return _turned_back(fields.table_text(tables, lines), answer, may_turn)


def _cell(cell: _TableCell) -> Cell:
    return Cell(
        text=cell.word,
        row=max(0, cell.ysc),
        column=max(0, cell.xsc),
        row_span=max(1, cell.yec - cell.ysc + 1),
        column_span=max(1, cell.xec - cell.xsc + 1),
        polygon=_polygon(cell.pos),
    )
