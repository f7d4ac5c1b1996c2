"""What the QR codes of Chinese VAT invoices say of their fields."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from folio.models import Field
from folio.structure.fields import checks

# The tax office's: version, kind, code (none on fully digital ones), number, amount, day, check code.
_INVOICE = re.compile(r"01,\d{2},(\d{10,12})?,(\d{8}|\d{20}),(\d+(?:\.\d+)?)?,(\d{8}),(\d{20})?,?.*")
_AMOUNTS = "amount_without_tax", "total_amount"  # paper forms give the first, digital ones the second


def witnessed(fields: Sequence[Field], codes: Iterable[str]) -> tuple[Field, ...]:
    """Hold the fields of invoices to their codes: what a code says too has passed, and failed where it says another.

    A code is of the paper that has its number or its code.
    """
    checked = list(fields)
    for text in codes:
        if not (match := _INVOICE.fullmatch(text)):
            continue
        code, number, amount, day, check_code = match.groups()
        says = {"invoice_code": code, "invoice_number": number, "check_code": check_code}
        says["invoice_date"] = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        papers = {
            one.paper for one in fields if one.name != "invoice_date" and one.value == (says.get(one.name) or None)
        }
        for at, one in enumerate(checked):
            if one.paper not in papers:
                continue
            if expected := says.get(one.name):
                checked[at] = msgspec.structs.replace(one, check="passed" if one.value == expected else "failed")
            elif one.name in _AMOUNTS and amount and checks.cents(one.value) == checks.cents(amount):
                checked[at] = msgspec.structs.replace(one, check="passed")
    return tuple(checked)
