"""Baidu's answers as Folio's text: the forms they come in, by mode."""

from functools import partial
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from folio.config.options import Options
from folio.models import Cell, Field, Line, PageText, Table
from folio.providers.cloud import fields
from folio.providers.cloud.faults import CallFailed, ErrorKind
from folio.providers.cloud.lines import Unit, clamped, line, page_text, polygon_of
from folio.text import field_values
from folio.text.geometry import transform_text
from folio.transform import Point, Polygon, box

# Baidu's `direction` (how far the image is turned against the clock) -> clockwise degrees that make it upright.
_TURN_BACK: dict[int, Any] = {1: 90, 2: 180, 3: 270}

_ID_CARD = {
    "姓名": "name",
    "性别": "sex",
    "民族": "ethnicity",
    "出生": "birth_date",
    "住址": "address",
    "公民身份号码": "id_number",
    "签发机关": "issuing_authority",
    "签发日期": "valid_from",
    "失效日期": "valid_until",
}
_NO_CARD = ("non_idcard", "other_type_card")
_BANK_CARD = {
    "bank_card_number": "card_number",
    "bank_name": "bank_name",
    "bank_card_type": "card_type",
    "valid_date": "valid_date",
    "holder_name": "holder_name",
}
_INVOICE = {
    "InvoiceTypeOrg": "invoice_type",
    "InvoiceType": "invoice_type",
    "InvoiceCode": "invoice_code",
    "InvoiceNum": "invoice_number",
    "InvoiceDate": "invoice_date",
    "CheckCode": "check_code",
    "MachineCode": "machine_number",
    "PurchaserName": "buyer_name",
    "PurchaserRegisterNum": "buyer_tax_id",
    "PurchaserAddress": "buyer_address_phone",
    "PurchaserBank": "buyer_bank_account",
    "SellerName": "seller_name",
    "SellerRegisterNum": "seller_tax_id",
    "SellerAddress": "seller_address_phone",
    "SellerBank": "seller_bank_account",
    "TotalAmount": "amount_without_tax",
    "TotalTax": "tax_amount",
    "AmountInFiguers": "total_amount",  # Baidu's own spelling
    "AmountInWords": "total_in_words",
    "Remarks": "remarks",
    "Payee": "payee",
    "Checker": "reviewer",
    "NoteDrawer": "drawer",
}
_ITEM = ("Name", "Type", "Unit", "Num", "Price", "Amount", "TaxRate", "Tax")  # after "Commodity", as fields.ITEM


class _Point(Struct):
    x: float
    y: float


class _Box(Struct):
    left: float
    top: float
    width: float
    height: float

    def polygon(self) -> Polygon:
        return box(self.left, self.top, self.left + self.width, self.top + self.height)


class _Char(Struct):
    char: str
    location: _Box
    char_prob: float | None = None


class _Probability(Struct):
    average: float | None = None


class _Line(Struct):
    words: str
    location: _Box
    probability: _Probability = field(default_factory=_Probability)
    chars: list[_Char] = []
    vertexes_location: list[_Point] = []

    def line(self) -> Line:
        corners = polygon_of(_points(self.vertexes_location)) or self.location.polygon()
        units = [Unit(one.char, one.location.polygon(), clamped(one.char_prob)) for one in self.chars]
        return line(self.words, clamped(self.probability.average), corners, units)


class _Paragraph(Struct):
    words_result_idx: list[int] = []


class _Text(Struct):
    words_result: list[_Line]  # always there, if the answer is one: what is not must not look like a blank page
    direction: int | None = None
    paragraphs_result: list[_Paragraph] = []


class _Value(Struct):
    words: str = ""
    location: _Box | None = None


class _IdCard(Struct):
    words_result: dict[str, _Value] = {}
    image_status: str = "normal"
    risk_type: str = "normal"
    edit_tool: str = ""  # the program it was edited with, if that was asked (`detect_ps`) and it was
    card_quality: dict[str, Any] = {}


class _BankCard(Struct):
    result: dict[str, Any] = {}
    card_quality: dict[str, Any] = {}


class _Invoice(Struct):
    words_result: dict[str, Any] = {}


class _Cell(Struct):
    words: str = ""
    cell_location: list[_Point] = []
    row_start: int = 0
    row_end: int = 0
    col_start: int = 0
    col_end: int = 0


class _Beside(Struct):
    words: str = ""
    location: list[_Point] = []


class _Table(Struct):
    body: list[_Cell] = []
    header: list[_Beside] = []
    footer: list[_Beside] = []
    table_location: list[_Point] = []


class _Tables(Struct):
    tables_result: list[_Table]


def read(options: Options, body: bytes) -> PageText:
    """What an answer says; coordinates in the pixels of the image that was sent. Raises CallFailed."""
    try:
        match options.mode:
            case "table":
                return _tables(msgspec.json.decode(body, type=_Tables))
            case "id_card":
                return _id_card(msgspec.json.decode(body, type=_IdCard), options.id_card_side)
            case "bank_card":
                return _bank_card(msgspec.json.decode(body, type=_BankCard))
            case "invoice":
                return _invoice(msgspec.json.decode(body, type=_Invoice))
            case _:
                return _text(msgspec.json.decode(body, type=_Text))
    except (msgspec.MsgspecError, TypeError, AttributeError, ValueError):
        raise CallFailed(ErrorKind.TRANSIENT_ONCE, "an answer of another form") from None


def _points(points: list[_Point]) -> list[Point]:
    return [(point.x, point.y) for point in points]


def _text(answer: _Text) -> PageText:
    numbers = [0] * len(answer.words_result)
    for number, paragraph in enumerate(answer.paragraphs_result):
        for index in paragraph.words_result_idx:
            if index < len(numbers):
                numbers[index] = number
    read = page_text((one.line() for one in answer.words_result), numbers)
    rotation = _TURN_BACK.get(answer.direction or 0, 0)
    if not rotation:
        return read
    return msgspec.structs.replace(
        transform_text(read, partial(_from_its_beginning, rotation=rotation)), rotation=rotation
    )


def _from_its_beginning(polygon: Polygon, rotation: int) -> Polygon:
    """Baidu's corners begin at the image's top left, also where the text begins at another."""
    first = min(range(4), key=lambda corner: sum(polygon[corner]))
    p, q, r, s = (polygon[(first + corner - rotation // 90) % 4] for corner in range(4))
    return p, q, r, s


def _id_card(answer: _IdCard, side: str) -> PageText:
    matches = [
        field_values.field(
            _ID_CARD[key], value.words, key, polygon=value.location.polygon() if value.location else None
        )
        for key, value in answer.words_result.items()
        if key in _ID_CARD
    ]
    if answer.image_status in _NO_CARD or not any(matches):
        raise CallFailed(ErrorKind.REJECTED, f"image_status {answer.image_status}")
    # Baidu must be told a side; where the user named none, the other one is as good.
    expected = ("normal", "reversed_side") if side == "auto" else ("normal",)
    checks = (
        ("image_status", answer.image_status, expected),
        ("risk_type", answer.risk_type, ("normal",)),
        ("edit_tool", answer.edit_tool, ("",)),
    )
    warnings = [f"baidu: {name} is {value}." for name, value, usual in checks if value not in usual]
    return fields.fields_text(matches, warnings + _quality(answer))


def _quality(answer: _IdCard | _BankCard) -> list[str]:
    """What it thinks of the picture, if that was asked for."""
    return [f"baidu: card_quality {name}={value}." for name, value in answer.card_quality.items()]


def _bank_card(answer: _BankCard) -> PageText:
    index = answer.result.get("bank_card_number_location")
    matches: list[Field | None] = []
    for key, name in _BANK_CARD.items():
        located = msgspec.convert(index, _Box).polygon() if index and name == "card_number" else None
        matches.append(
            field_values.field(
                name, "" if answer.result.get(key) is None else str(answer.result[key]), key, polygon=located
            )
        )
    if not any(one.name == "card_number" for one in matches if one):
        raise CallFailed(ErrorKind.REJECTED, "no card number")
    return fields.fields_text(matches, _quality(answer))


def _invoice(answer: _Invoice) -> PageText:
    values = answer.words_result
    matches: dict[str, Field] = {}
    for key, name in _INVOICE.items():
        if (
            name not in matches
            and isinstance(values.get(key), str)
            and (one := field_values.field(name, values[key], key))
        ):
            matches[name] = one
    if not matches:
        raise CallFailed(ErrorKind.REJECTED, "no invoice")
    columns = [_column(values.get(f"Commodity{part}")) for part in _ITEM]
    numbers = sorted({number for column in columns for number in column})
    rows = [[column.get(number, "") for column in columns] for number in numbers]
    return fields.fields_text(matches.values(), tables=fields.item_table(rows))


class _Entry(Struct):
    row: int | Annotated[str, Meta(pattern="^[0-9]+$")] = 0
    word: str = ""


def _column(entries: Any) -> dict[int, str]:
    """Row number -> text."""
    return {int(entry.row): entry.word for entry in msgspec.convert(entries or [], list[_Entry])}


def _tables(answer: _Tables) -> PageText:
    tables: list[Table] = []
    others: list[Line] = []
    for table in answer.tables_result:
        cells = tuple(_cell(cell) for cell in table.body)
        tables.append(Table(cells=cells, polygon=polygon_of(_points(table.table_location))))
        others += [
            line(beside.words, None, corners)
            for beside in (*table.header, *table.footer)
            if beside.words and (corners := polygon_of(_points(beside.location)))
        ]
    return fields.table_text(tables, others)


def _cell(cell: _Cell) -> Cell:
    return Cell(
        text=cell.words,
        row=max(0, cell.row_start),
        column=max(0, cell.col_start),
        row_span=max(1, cell.row_end - cell.row_start),
        column_span=max(1, cell.col_end - cell.col_start),
        polygon=polygon_of(_points(cell.cell_location)),
    )
