"""Files of many formats with private numbers in their text, tables, pictures, names and metadata."""

import io
import zipfile
from email.message import EmailMessage

import docx
import openpyxl
from PIL import Image, ImageDraw

from tests.support.documents.cards import font
from tests.support.documents.ofds import OfdPage, document, ofd
from tests.support.documents.office import pptx
from tests.support.documents.pdfs import PdfPage, make_pdf, text

ID, CARD, PHONE, EMAIL = "110101195502128558", "5522333821107953", "13802996023", "anna.lee@example.org"
VALUES = [ID, CARD, PHONE, EMAIL]
LINES = (
    f"ID No. {ID} of the tenant",
    "The survey of the northern harbour",
    f"Tel {PHONE}, card {CARD}",
    f"Mail {EMAIL}",
)


def picture_of(*lines: str) -> bytes:
    image = Image.new("L", (1200, 200 + 90 * len(lines)), 255)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((80, 90 + 90 * number), line, fill=0, font=font(38))
    data = io.BytesIO()
    image.save(data, "PNG", dpi=(200, 200))
    return data.getvalue()


def word_document() -> bytes:
    made = docx.Document()
    made.core_properties.title = f"Tenant {ID}"
    made.add_heading(f"Tenant {EMAIL}", 1)
    made.add_paragraph(f"Identity {ID[:6]}\u00ad{ID[6:14]}\u200b{ID[14:]}, call {PHONE}.")
    table = made.add_table(2, 2)
    for cell, value in zip(
        (cell for row in table.rows for cell in row.cells), ("Card", CARD, "Phone", PHONE), strict=True
    ):
        cell.text = value
    made.add_picture(io.BytesIO(picture_of(f"Tel {PHONE}", "The northern harbour")))
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = PHONE
    sheet.append(["Name", "Card", "Phone", "Identity", "Mail"])
    sheet.append(["Anna", int(CARD), int(PHONE), ID, EMAIL])
    sheet.append(["Bob", int(CARD), int(PHONE), f"'{ID}", f"mailto:{EMAIL}"])
    sheet["B2"].number_format, sheet["C2"].number_format = "0", "000 0000 0000"
    sheet["B3"].number_format, sheet["C3"].number_format = "0000 0000 0000 0000", "General"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def mail() -> bytes:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = f"Tenant {ID}", f"Anna Lee <{EMAIL}>", f'"{PHONE}" <{EMAIL}>'
    made.set_content("\n".join(LINES))
    made.add_attachment(f"Card {CARD}", filename=f"card {CARD}.txt")
    made.add_attachment(b"\x00\x01\x02 nothing", "application", "octet-stream", filename=f"{PHONE}.bin")
    made.add_attachment(picture_of(f"ID No. {ID}"), "image", "png", filename=f"{EMAIL}.png")
    inner = EmailMessage()
    inner["Subject"], inner["From"], inner["Date"] = "x" * 80 + f" {ID}", EMAIL, "Mon, 2 Nov 2026 10:00:00 +0800"
    inner.set_content(f"Tel {PHONE}")
    made.add_attachment(inner)
    return made.as_bytes()


def archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr(f"{ID}/{PHONE}.txt", "\n".join(LINES))
        packed.writestr(f"mail of {EMAIL}.eml", mail())
        packed.writestr(f"{CARD}.docx", b"PK\x03\x04 broken")
        packed.writestr(f"{PHONE}.pdf", make_pdf(PdfPage(content=text(*LINES))))
        packed.writestr("book.xlsx", workbook())
    return data.getvalue()


def invoice() -> bytes:
    texts = [(10.0, 10.0 + 12 * row, line) for row, line in enumerate(LINES)]
    files = {f"{PHONE}.txt": f"Card {CARD}".encode()}
    return ofd(document("Doc_0", [OfdPage(texts=texts)], attachments=files), titles=[f"Tenant {ID}"])


def slides() -> bytes:
    return pptx([(line, (0.5, 0.5 + row, 9.0, 0.8)) for row, line in enumerate(LINES)])


def web_page() -> bytes:
    cells = "".join(f"<td>{value}</td>" for value in VALUES)
    split = f"{PHONE[:3]}<b>{PHONE[3:7]}</b>&#8203;{PHONE[7:]}"
    return f"<html><title>{ID}</title><body><p>Tel {split}</p><table><tr>{cells}</tr></table></body></html>".encode()


FILES = {
    "tenant.docx": word_document,
    "tenant.xlsx": workbook,
    "tenant.eml": mail,
    "tenant.zip": archive,
    "tenant.ofd": invoice,
    "tenant.pptx": slides,
    "tenant.html": web_page,
}
