"""Invented texts in many formats, for measuring how much of them is read."""

import io
import random
import zipfile
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from html import escape

import docx
import openpyxl
from msgspec import Struct

from tests.support.documents.ofds import OfdPage, document, ofd
from tests.support.documents.office import epub, odt, pptx
from tests.support.documents.ole import compound, message

_CHINESE = (
    "甲乙双方经友好协商就采购办公用品事宜订立本合同供货方应当在约定期限内将货物送至指定地点验收合格后三十日付款"
    "发票号码开具日期金额税率合计备注数量单价规格型号产品名称地址电话开户银行账户质量保证违约责任争议解决"
)
_ENGLISH = [
    "supplier",
    "delivers",
    "goods",
    "within",
    "thirty",
    "days",
    "after",
    "order",
    "payment",
    "follows",
    "invoice",
    "warranty",
    "covers",
    "repair",
    "of",
    "parts",
    "quantity",
    "price",
    "description",
    "total",
    "amount",
    "address",
    "telephone",
    "customer",
    "reference",
    "number",
    "agreement",
    "clause",
    "liability",
]


class Source(Struct, frozen=True):
    title: str
    paragraphs: list[str]
    rows: list[list[str]]

    def texts(self) -> list[str]:
        return [self.title, *self.paragraphs, *(cell for row in self.rows for cell in row)]


def make_source(chance: random.Random) -> Source:
    def chinese(length: int) -> str:
        return "".join(chance.choice(_CHINESE) for _ in range(length))

    def english(length: int) -> str:
        return " ".join(chance.choice(_ENGLISH) for _ in range(length)).capitalize() + "."

    def paragraph() -> str:
        is_chinese = chance.random() < 0.5
        return chinese(chance.randrange(20, 160)) + "。" if is_chinese else english(chance.randrange(6, 60))

    paragraphs = [paragraph() for _ in range(chance.randrange(4, 14))]
    rows = [[chinese(4), english(2), str(chance.randrange(1, 9999)), f"{chance.random():.3f}"] for _ in range(6)]
    return Source(chinese(12), paragraphs, rows)


def _docx(source: Source) -> bytes:
    made = docx.Document()
    made.add_heading(source.title, 1)
    for index, text in enumerate(source.paragraphs):
        made.add_paragraph(text, style=("Normal", "List Number", "List Bullet")[index % 3])
    table = made.add_table(len(source.rows), len(source.rows[0]))
    for row, texts in enumerate(source.rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    return _saved(made.save)


def _xlsx(source: Source) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([source.title])
    for row in source.rows:
        sheet.append([*row[:2], int(row[2]), row[3]])
    second = book.create_sheet("texts")
    for text in source.paragraphs:
        second.append([text])
    return _saved(book.save)


def _pptx(source: Source) -> bytes:
    shapes = [(source.title, (0.5, 0.3, 9.0, 0.8))]
    cells = [cell for row in source.rows for cell in row]
    shapes += [(text, (0.5, 1.2 + index * 0.4, 4.5, 0.4)) for index, text in enumerate(source.paragraphs)]
    shapes += [(text, (5.2 + index % 4, 1.2 + index // 4 * 0.5, 1.0, 0.5)) for index, text in enumerate(cells)]
    return pptx(shapes)


def _html(source: Source) -> str:
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in source.rows)
    texts = "".join(f"<p>{escape(text)}</p>" for text in source.paragraphs)
    return f"<html><body><h1>{source.title}</h1>{texts}<table>{rows}</table></body></html>"


def _plain(source: Source) -> str:
    return "\n\n".join([source.title, *source.paragraphs, *("\t".join(row) for row in source.rows)])


def _eml(source: Source) -> bytes:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = source.title, "a@example.org", "b@example.org"
    made.set_content("\n\n".join(source.paragraphs))
    made.add_attachment("\n".join("\t".join(row) for row in source.rows), filename="rows.txt")
    return made.as_bytes()


def _msg(source: Source) -> bytes:
    table = "\n".join("\t".join(row) for row in source.rows).encode("gb18030")
    return compound(
        message({"0037": source.title, "1000": "\r\n\r\n".join(source.paragraphs)}, attachments={"a.txt": table})
    )


def _zip(source: Source) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", source.title + "\n\n" + "\n\n".join(source.paragraphs))
        archive.writestr("b/rows.html", _html(Source("x", [], source.rows)))
    return data.getvalue()


def _ofd(source: Source) -> bytes:
    """Lines of up to forty characters; a page has no more than fit on it."""
    texts = [source.title, *source.paragraphs, *(cell for row in source.rows for cell in row)]
    pages, top = [list[tuple[float, float, str]]()], 6.0
    for text in texts:
        width = 44 if not text.isascii() else 90
        for start in range(0, len(text), width):
            if top > 128:
                pages.append([])
                top = 6.0
            pages[-1].append((10.0, top, text[start : start + width]))
            top += 6.0
    return ofd(document("Doc_0", [OfdPage(texts=page) for page in pages]), signed=True)


def _odt(source: Source) -> bytes:
    def cell(text: str) -> str:
        return f"<table:table-cell><text:p>{escape(text)}</text:p></table:table-cell>"

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in source.rows)
    texts = "".join(f"<text:p>{escape(text)}</text:p>" for text in source.paragraphs)
    return odt(f"<text:h>{source.title}</text:h>{texts}<table:table>{rows}</table:table>")


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


FORMS: Mapping[str, Callable[[Source], bytes]] = {
    "docx": _docx,
    "xlsx": _xlsx,
    "pptx": _pptx,
    "ofd": _ofd,
    "odt": _odt,
    "epub": lambda source: epub([f"<h1>{source.title}</h1>", _html(source)]),
    "html": lambda source: _html(source).encode(),
    "txt-utf8": lambda source: _plain(source).encode(),
    "txt-gb18030": lambda source: _plain(source).encode("gb18030"),
    "txt-utf16": lambda source: _plain(source).encode("utf-16"),
    "eml": _eml,
    "msg": _msg,
    "zip": _zip,
}
