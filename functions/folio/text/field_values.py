"""Fields of cards, invoices and other papers under one set of names, with their values in one form."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from folio.models import Field
from folio.transform import Polygon

ID_CARD = (
    "name", "sex", "ethnicity", "birth_date", "address", "id_number", "issuing_authority", "valid_from", "valid_until",
)  # fmt: skip
BANK_CARD = ("card_number", "bank_name", "card_type", "valid_date", "holder_name")
INVOICE = (
    "invoice_type", "invoice_code", "invoice_number", "invoice_date", "check_code", "machine_number", "buyer_name",
    "buyer_tax_id", "buyer_address_phone", "buyer_bank_account", "seller_name", "seller_tax_id", "seller_address_phone",
    "seller_bank_account", "amount_without_tax", "tax_amount", "total_amount", "total_in_words", "remarks", "payee",
    "reviewer", "drawer",
)  # fmt: skip
BUSINESS_LICENSE = (
    "credit_code", "registration_number", "company_name", "company_type", "legal_representative", "registered_capital",
    "established_date", "business_term", "business_scope", "approval_date",
)  # fmt: skip
TRAIN_TICKET = (
    "ticket_number", "departure_station", "train_number", "arrival_station", "departure_date", "departure_time", "seat",
    "seat_class", "fare", "passenger_name", "electronic_ticket_number", "serial_number",
)  # fmt: skip
PAIR = "pair"  # a question of a form and its answer; `provider_name` is the question
# The columns of an invoice's items, in which order they become a table.
ITEM = ("name", "specification", "unit", "quantity", "unit_price", "amount", "tax_rate", "tax")
ITEM_FIELDS = tuple(f"item_{name}" for name in ITEM)  # the same as fields, one of each for an item
NAMES = (*ID_CARD, *BANK_CARD, *INVOICE, *BUSINESS_LICENSE, *TRAIN_TICKET, *ITEM_FIELDS, PAIR)
_DATES = (
    "birth_date", "valid_from", "valid_until", "invoice_date", "established_date", "approval_date", "departure_date",
)  # fmt: skip
_CODES = (
    "id_number", "invoice_code", "check_code", "machine_number", "buyer_tax_id", "seller_tax_id", "credit_code",
    "registration_number", "train_number", "departure_time", "seat", "serial_number", "total_in_words",
)  # fmt: skip
_DATE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
CARD_TYPES = {
    "0": "unknown", "1": "debit", "2": "credit", "3": "quasi-credit", "4": "prepaid",
    "DC": "debit", "CC": "credit", "SCC": "quasi-credit", "PC": "prepaid",
    "借记卡": "debit", "储蓄卡": "debit", "贷记卡": "credit", "信用卡": "credit",
    "准贷记卡": "quasi-credit", "预付费卡": "prepaid",
}  # fmt: skip


def field(
    name: str, value: str, provider_name: str, confidence: float | None = None, polygon: Polygon | None = None
) -> Field | None:
    """One field with its value in the common form; null if it is empty."""
    value = value.strip()
    if name in _DATES:
        value = _iso_date(value)
    elif name in _CLEAN:
        value = _CLEAN[name](value)
    if not value:
        return None
    return Field(name=name, value=value, provider_name=provider_name, confidence=confidence, polygon=polygon)


def validity(
    period: str, provider_name: str, confidence: float | None = None, polygon: Polygon | None = None
) -> list[Field | None]:
    """`2010.07.21-2030.07.21` as two fields; the second may be 长期 (without end)."""
    written = re.sub(r"\s", "", period)
    # The hyphen may stand inside the dates too: the first one ends with its third number, or is eight digits.
    match = re.match(r"(\d{8}|\d{4}\D\d{1,2}\D\d{1,2}日?)", written)
    first = match[0] if match else written
    last = written[len(first) :].lstrip("-—－–~至到")
    return [
        field(name, value, provider_name, confidence, polygon)
        for name, value in (("valid_from", first), ("valid_until", last))
    ]


def _month(value: str) -> str:
    """YYYY-MM for 08/29 and 08/2029."""
    match = re.fullmatch(r"(\d{2})/(?:20)?(\d{2})", value)
    return f"20{match[2]}-{match[1]}" if match else value


def _amount(value: str) -> str:
    plain = re.sub(r"^(?:[¥￥$£€Y]|RM|USD|MYR|SGD|EUR|GBP)*\s*", "", value.strip(), flags=re.IGNORECASE)
    return re.sub(r"(?<=[\d.,])\s+(?=[\d.,])", "", plain)  # engines tell blanks around a point


def _solid(value: str) -> str:
    return re.sub(r"\s", "", value)


# Field -> its value without what only some providers write around it.
_CLEAN: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(_CODES, _solid),
    "card_number": _solid,
    "card_type": lambda value: CARD_TYPES.get(value, value),
    "bank_name": lambda value: re.sub(r"\([0-9]+\)$", "", value),
    "valid_date": _month,
    "invoice_number": lambda value: re.sub(r"^No\.?\s*|(?<=\d)\s+(?=\d)", "", value, flags=re.IGNORECASE),
    "amount_without_tax": _amount,
    "tax_amount": _amount,
    "total_amount": _amount,
    "fare": _amount,
    **dict.fromkeys(("item_unit_price", "item_amount", "item_tax"), _amount),
    **dict.fromkeys(("item_quantity", "item_tax_rate"), _solid),
}


def _iso_date(value: str) -> str:
    """YYYY-MM-DD for the ways the providers write a date; what is none of them stays as it is."""
    compact = re.sub(r"\s", "", value)
    if match := _COMPACT_DATE.fullmatch(compact) or _DATE.fullmatch(compact):
        with suppress(ValueError):  # what only looks like a date
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    return value
