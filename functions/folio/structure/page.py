"""One page's structure: its tables, blocks and fields, found from its lines and, where that is needed, its drawing.

Works on the page of any provider and on text layers: what comes before it is of no concern here.
"""

from collections.abc import Callable

import msgspec

from folio.models import Field, Mode, Page, PageImage
from folio.structure.fields import items
from folio.structure.fields.find import fields_of
from folio.structure.fields.qr_codes import witnessed
from folio.structure.layout.blocks import with_blocks
from folio.structure.layout.chart_tables import without_charts
from folio.structure.tables.find import tables_on
from folio.textlayer.line_art import LineArt

type Draw = Callable[[], PageImage]  # the page as a grey drawing; `to_page` leads from its pixels to the page's


def structured(
    page: Page, fields: tuple[Field, ...], draw: Draw, mode: Mode = "general", art: LineArt | None = None
) -> tuple[Page, tuple[Field, ...]]:
    """Return a page with its structure and the fields on it. What a provider has given already stays as it is.

    `draw` is called where lines alone cannot say what a page looks like; it raises PageUnreadable.
    The QR codes of invoices are witnesses of their fields; `art` is what is known of the page's lines already.
    """
    if not page.tables and page.origin != "document":
        page = without_charts(msgspec.structs.replace(page, tables=tables_on(page, draw, art)))
    page = with_blocks(page)
    if not fields:
        kind, fields = fields_of(page, mode)
        page = msgspec.structs.replace(page, kind=kind)
        if kind == "invoice":
            fields = witnessed(fields, [code.value for code in page.codes])
    elif not any(one.item for one in fields):
        values = {one.name: one for one in fields}
        fields = (*fields, *items.checked(items.items_of(page.tables, page.number), values))
    return page, fields
