"""What our test servers see in a picture, before any of them puts it into words."""

import io

from PIL import Image, ImageDraw

from tests.fakes.cloud import fields, grid
from tests.fakes.cloud.reading import read
from tests.support.documents import cards
from tests.support.documents.specimens import BACK, BANK, FRONT, INVOICE, PAGE, TABLE, picture


def test_every_field_of_every_specimen() -> None:
    finders = (fields.id_front, fields.id_back, fields.bank_card, fields.invoice)
    for finder, specimen in zip(finders, (FRONT, BACK, BANK, INVOICE), strict=True):
        found = finder(picture(specimen))
        assert found
        assert {name: field.text for name, field in found.items()} == specimen[1]


def test_no_card_is_taken_for_another() -> None:
    finders = (fields.id_front, fields.id_back, fields.bank_card, fields.invoice)
    seen = [[bool(finder(picture(specimen))) for finder in finders] for specimen in (FRONT, BACK, BANK, INVOICE, PAGE)]
    assert seen == [[row == column for column in range(4)] for row in range(5)]


def test_pictures_of_every_kind() -> None:
    for kind in ("BMP", "GIF", "TIFF", "WEBP"):
        buffer = io.BytesIO()
        PAGE[0].save(buffer, kind)
        assert [line.text for line in read(buffer.getvalue())] == list(PAGE[1].values())


def test_tables_with_merged_cells_and_text_around() -> None:
    image = Image.new("L", (1400, 1100), "white")
    image.paste(TABLE[0], (0, 100))
    draw = ImageDraw.Draw(image)
    draw.text((120, 60), "库存清单", "black", cards.font(48))
    # Without the side between the last two cells of the first row, and the one between the last two of the first column
    draw.line((1000, 226, 1000, 376), "white", 8)
    draw.line((106, 700, 396, 700), "white", 8)
    found = grid.page(cards.png(image))
    (table,) = found.tables
    assert [line.text for line in found.above] == ["库存清单"]
    assert (table.rows, table.columns, len(table.cells)) == (4, 4, 14)
    spans = {(cell.row, cell.column): (cell.bottom_row, cell.right_column) for cell in table.cells}
    assert (spans[0, 2], spans[2, 0], spans[1, 1]) == ((1, 4), (4, 1), (2, 2))
    texts = {(cell.row, cell.column): cell.text for cell in table.cells}
    assert texts[2, 0] == "笔记本\n文件夹"
