"""One page's structure: its tables, blocks and fields, found from its lines and, where that is needed, its drawing.

Works on the page of any provider and on text layers: what comes before it is of no concern here.
"""

from collections.abc import Callable

import msgspec

from folio.models import Field, Mode, Page, PageImage
from folio.structure.fields.find import fields_of
from folio.structure.fields.qr_codes import codes_on, witnessed
from folio.structure.layout.blocks import with_blocks
from folio.structure.tables.find import tables_on

type ReadCodes = Callable[[PageImage], tuple[str, ...]]  # the texts of a drawing's QR codes
type Draw = Callable[[], PageImage]  # the page as a grey drawing; `to_page` leads from its pixels to the page's


def structured(
    page: Page, fields: tuple[Field, ...], draw: Draw, mode: Mode = "general", codes: ReadCodes = codes_on
) -> tuple[Page, tuple[Field, ...]]:
    """Return a page with its structure and the fields on it. What a provider has given already stays as it is.

    `draw` is called where lines alone cannot say what a page looks like; it raises PageUnreadable.
    `codes` reads the QR codes of invoices.
    """
    if not page.tables:
        page = msgspec.structs.replace(page, tables=tables_on(page, draw))
    page = with_blocks(page)
    if not fields:
        kind, fields = fields_of(page, mode)
        page = msgspec.structs.replace(page, kind=kind)
        if kind == "invoice":
            fields = witnessed(fields, codes(draw()))
    return page, fields
