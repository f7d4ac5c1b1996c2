"""Files made to harm whoever opens them: small themselves, and without end inside."""

import io
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage

from tests.support.documents.ofds import OfdPage, document, ofd, zipped
from tests.support.documents.office import odt, pptx
from tests.support.documents.ole import compound, message

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>%s]>" % "".join(  # noqa: UP031 (braces are many here)
    f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9)
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_WIDE_ROW = (
    '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr>'
)
_REPEATED = (
    '<table:table><table:table-row table:number-rows-repeated="999999999"><table:table-cell '
    'table:number-columns-repeated="999999999"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
)


def docx(document_xml: str) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": document_xml.encode()})


def body(content: str, before: str = "") -> bytes:
    return docx(f"{before}<w:document {_W}><w:body>{content}</w:body></w:document>")


def bomb(megabytes: int = 300) -> bytes:
    """A file of zeros that packs to a thousandth."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros.txt", "w") as file:
        for _ in range(megabytes):
            file.write(bytes(1_000_000))
    return data.getvalue()


def nested(depth: int, content: bytes = b"text") -> bytes:
    for _ in range(depth):
        content = zipped({"inner.zip": content, "note.txt": b"one more"})
    return content


def crowd(entries: int = 20_000) -> bytes:
    return zipped(dict.fromkeys((f"{number}.txt" for number in range(entries)), b""))


def overlapping() -> bytes:
    """Two entries that share their bytes, as in bombs that need no nesting."""
    data = bytearray(zipped({"a": b"x" * 100, "b": b"y" * 100}))
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)  # where it says that it begins
    return bytes(data)


def dolls(depth: int = 60) -> bytes:
    """A mail in a mail in a mail."""
    inner = EmailMessage()
    inner["Subject"], inner["From"], inner["Message-ID"] = "inner", "a@b.c", "<1>"
    inner.set_content("text")
    for _ in range(depth):
        outer = EmailMessage()
        outer["Subject"], outer["From"], outer["Message-ID"] = "outer", "a@b.c", "<1>"
        outer.set_content("more")
        outer.add_attachment(inner)
        inner = outer
    return inner.as_bytes()


def multiparts(depth: int = 3_000) -> bytes:
    """Parts within parts, of which only the first lines are there."""
    lines = "".join(
        f"Content-Type: multipart/mixed; boundary=b{number}\r\n\r\n--b{number}\r\n" for number in range(depth)
    )
    return f"From: a@b.c\r\nMIME-Version: 1.0\r\n{lines}Content-Type: text/plain\r\n\r\ntext".encode()


def circular_compound() -> bytes:
    """An OLE file whose chain of sectors comes back to itself."""
    data = bytearray(compound(message({"0037": "subject", "1000": "text" * 3000})))
    fat = int.from_bytes(data[76:80], "little")
    start = (fat + 1) * 512
    data[start : start + 4] = (0).to_bytes(4, "little")
    return bytes(data)


def loop_of_units() -> bytes:
    itself = '<ofd:CompositeObject ResourceID="300" Boundary="0 0 9 9"/>' * 4
    unit = f'<ofd:CompositeGraphicUnit ID="300"><ofd:Content>{itself}</ofd:Content></ofd:CompositeGraphicUnit>'
    parts = document("Doc_0", [OfdPage(texts=[(1, 1, "x")], extra=itself)])
    name = "Doc_0/DocumentRes.xml"
    return ofd(parts | {name: parts[name].replace(b"</ofd:Res>", unit.encode() + b"</ofd:Res>")})


def traps() -> Iterator[tuple[str, bytes, str]]:
    """Yield what each is, its content, and how it may end: the class of its error, or `read`."""
    yield "bomb", bomb(), "TooLarge"
    yield "nesting", nested(12), "TooLarge"
    yield "crowd", crowd(), "TooLarge"
    yield "traversal", zipped({"../../etc/passwd": b"x", "a.txt": b"text"}), "DamagedDocument"
    yield "absolute path", zipped({"/etc/cron.d/x": b"x"}), "DamagedDocument"
    yield "drive", zipped({"C:\\windows\\x": b"x"}), "DamagedDocument"
    yield "overlap", overlapping(), "DamagedDocument"
    yield "external entity", body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", _OUTSIDE), "DamagedDocument"
    yield "billion laughs", body("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", _LAUGHS), "DamagedDocument"
    yield "deep XML", body("<w:p>" * 50_000 + "</w:p>" * 50_000), "DamagedDocument"
    yield "wide cells", body(f"<w:tbl>{_WIDE_ROW * 50}</w:tbl>"), "read"
    yield "repeated cells", odt(_REPEATED), "TooLarge"
    yield "mails in mails", dolls(), "TooLarge"
    yield "parts in parts", multiparts(), "DamagedDocument TooLarge"
    yield "circular OLE", circular_compound(), "DamagedDocument read"
    yield "loop of units", loop_of_units(), "TooLarge"
    yield "open tags", b"<html><body>" + b"<div><ul><li><table><tr><td>" * 30_000, "EmptyDocument TooLarge"
    yield "one line", b"x" * 8_000_000, "TooLarge"
    yield "many pages", b"\x0c".join([b"x"] * 5_000), "TooLarge"
    yield "slides", pptx([("text", (1e9, 1e9, 1e9, 1e9))]), "read"
