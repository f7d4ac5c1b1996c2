"""The items of invoices and receipts: a row each, whose numbers are held to each other and to the paper's sums."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

import msgspec

from folio.models import Field, Table
from folio.structure.fields import checks
from folio.text.field_values import ITEM, ITEM_FIELDS, field

MUST = {
    "item_quantity": "quantity times unit price make the amount; otherwise unchecked",
    "item_unit_price": "quantity times unit price make the amount, and its last decimal counts; otherwise unchecked",
    "item_amount": "the same, or all of them make the amount without tax, or the total; otherwise unchecked",
    "item_tax_rate": "amount times rate make the tax; otherwise unchecked",
    "item_tax": "the same, or all of them make the tax; otherwise unchecked",
}
FREE = ("item_name", "item_specification", "item_unit")
_AMOUNTS = ("amount_without_tax", "total_amount")
# On papers that have these all amounts make a sum. Where they do not, a row may be missing, and the next ones
# may have its number.
_TOLD_IN_FULL = ("total_in_words",)
_CENT = Decimal("0.01")
_ROUNDED_CENTS = 1  # of a tax, which each seller rounds in a way of its own


def checked(items: Sequence[Field], values: Mapping[str, Field]) -> tuple[Field, ...]:
    """Return the items of a paper with their checks; `values` are its other fields."""
    rows: dict[int | None, dict[str, Field]] = {}
    for one in items:
        rows.setdefault(one.item, {})[one.name] = one
    summed = {
        name for name, sums in (("item_amount", _AMOUNTS), ("item_tax", ("tax_amount",)))
        if _make_sum([one for one in items if one.name == name], [values[one] for one in sums if one in values])
    }  # fmt: skip
    passed = {(item, name) for item in rows for name in summed}
    if summed or not any(one in values for one in _TOLD_IN_FULL):
        passed |= {(item, name) for item, row in rows.items() for name in _proved(row)}
    return tuple(
        msgspec.structs.replace(one, check="passed") if (one.item, one.name) in passed else one for one in items
    )


def items_of(tables: Iterable[Table], page: int) -> tuple[Field, ...]:
    """Return the items of tables that a provider has given under the names of `ITEM`, as fields."""
    items = []
    for table in tables:
        heads = {cell.column: cell.text for cell in table.cells if cell.row == 0}
        if not heads or set(heads.values()) - set(ITEM):
            continue
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
            name = heads.get(cell.column, "")
            one = field(f"item_{name}", cell.text, name, cell.confidence, cell.polygon) if cell.row and name else None
            items += [msgspec.structs.replace(one, item=cell.row, page=page)] if one else []
    return tuple(items)


def in_order(items: Iterable[Field]) -> list[Field]:
    """Return the fields of items row by row, each row in the order of `ITEM`."""
    return sorted(items, key=lambda one: (one.item or 0, ITEM_FIELDS.index(one.name)))


def is_product(quantity: str, price: str, amount: str) -> bool:
    """Return whether a quantity times a price make an amount, to the cent."""
    one, other, product = _decimal(quantity), _decimal(price), checks.cents(amount)
    if one is None or other is None or product is None:
        return False
    return abs(one * other * 100 - product) <= Decimal("0.5")


def _proved(row: Mapping[str, Field]) -> list[str]:
    """Return the fields of a row that hold to each other."""
    quantity, price, amount, rate, tax = (
        row[name].value if name in row else ""
        for name in ("item_quantity", "item_unit_price", "item_amount", "item_tax_rate", "item_tax")
    )
    names = ["item_quantity", "item_unit_price", "item_amount"] if is_product(quantity, price, amount) else []
    if names and not _tells_each_digit(quantity, price):
        names.remove("item_unit_price")
    percent, base, cents = _decimal(rate.rstrip("% ")), checks.cents(amount), checks.cents(tax)
    if not (rate.endswith("%") and percent and base and cents):
        return names
    if abs(base * percent / 100 - cents) <= _ROUNDED_CENTS:
        names += ["item_tax_rate", "item_tax"]
    return names


def _tells_each_digit(quantity: str, price: str) -> bool:
    """Return whether another last digit of a price would make another amount: prices have up to thirteen decimals."""
    one, other = _decimal(quantity), _decimal(price)
    return (
        one is not None and other is not None and abs(one) * Decimal(1).scaleb(int(other.as_tuple().exponent)) >= _CENT
    )


def _make_sum(parts: Sequence[Field], sums: Iterable[Field]) -> bool:
    cents = [checks.cents(one.value) for one in parts]
    known = [one for one in cents if one is not None]
    if not known or len(known) < len(cents):
        return False
    return sum(known) in {checks.cents(one.value) for one in sums}


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None
