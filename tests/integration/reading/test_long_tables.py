"""A ruled table that runs over pages, its header repeated on each."""

import csv
import io
from pathlib import Path

from tests.integration.reading.test_documents import Desk
from tests.support.documents.pdfs import PdfPage, text
from tests.support.tools import needs_tools

pytestmark = needs_tools

HEADER = ("Mill", "wide", "deep")
COLUMNS, TOP, PITCH = (40, 200, 300, 380), 520, 26
PAGES, ROWS = 3, 16  # down to the edge of the page


def sheet(page: int) -> PdfPage:
    rows = [HEADER, *((f"Mill {page}-{row}", str(10 * page + row), str(30 + row)) for row in range(ROWS))]
    bottom = TOP - PITCH * len(rows)
    lines = [(COLUMNS[0], y, COLUMNS[-1], y) for y in range(TOP, bottom - 1, -PITCH)]
    lines += [(x, TOP, x, bottom) for x in COLUMNS]
    drawn = b"".join(b"%d %d m %d %d l S " % line for line in lines)
    words = (
        text(word, at=(x + 6, TOP - PITCH * row - 18), height=11)
        for row, words in enumerate(rows)
        for x, word in zip(COLUMNS, words, strict=False)
    )
    return PdfPage(content=drawn + b"".join(words))


def test_a_table_over_pages_is_one_with_its_header_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("mills.pdf", *(sheet(page) for page in range(1, PAGES + 1)))
    result = desk.result("mills.pdf", outputs="csv")
    tables = [table for page in result.pages for table in page.tables]
    assert [(table.header_rows, table.continues) for table in tables] == [(1, False), (1, True), (1, True)]
    written = list(csv.reader(io.StringIO((tmp_path / "mills.pdf.ocr" / "tables.csv").read_text("utf-8-sig"))))
    rows = [row for row in written if any(row)]
    assert rows.count(list(HEADER)) == 1
    assert [row[0] for row in rows[-PAGES * ROWS :]] == [
        f"Mill {page}-{row}" for page in range(1, PAGES + 1) for row in range(ROWS)
    ]


def test_a_table_with_other_columns_is_another_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("mills.pdf", sheet(1), PdfPage(content=b"1 0 0 1 0 0 cm " + narrow(sheet(2).content or b"")))
    result = desk.result("mills.pdf")
    assert [table.continues for page in result.pages for table in page.tables] == [False, False]


def narrow(content: bytes) -> bytes:
    return b"q 0.6 0 0 1 150 0 cm " + content + b" Q"
