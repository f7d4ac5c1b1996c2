"""Small PDFs written by hand, and the pictures on them: whatever a test needs that no library would write.

The syntax is that of ISO 32000-1; encryption is its algorithm 2 to 4 (RC4, 40 bits), the oldest there is.
"""

import hashlib
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    import pikepdf

A5 = 420, 595

type Box = tuple[float, float, float, float]


class PdfPage(Struct, frozen=True, kw_only=True):
    """One page: a grey picture over the whole media box, or a content stream as it is, or nothing at all."""

    size: tuple[float, float] = A5
    picture: Image.Image | None = None
    content: bytes | None = None
    rotate: int = 0
    crop: Box | None = None
    extra: bytes = b""


def words(
    *lines: str, size: tuple[int, int] = (840, 1190), height: int = 48, at: tuple[int, int] = (80, 90)
) -> Image.Image:
    """A white picture with lines of large text, the first with its top left corner about `at`."""
    picture = Image.new("L", size, 255)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pen.text((at[0], at[1] + 2 * height * number), line, 0, ImageFont.load_default(height))
    return picture


def text(*lines: str, at: tuple[float, float] = (40, 520), height: float = 12, style: bytes = b"") -> bytes:
    """A content stream with lines of text in Helvetica, the first with its base line's beginning at `at` (points, from
    below). `style` goes before them: `3 Tr` makes them invisible, `1 g` white."""
    shown = b"".join(b"(%s)Tj T*\n" % line.encode("cp1252") for line in lines)
    return b"q BT %s /F %.2f Tf %.2f TL %s Td\n%sET Q\n" % (style, height, 1.5 * height, _numbers(at), shown)


PICTURE = b"q 420 0 0 595 0 0 cm /P Do Q\n"  # a page's picture over all of an A5 sheet


def make_pdf(*pages: PdfPage, user_password: str | None = None) -> bytes:
    """A PDF of these pages. With a user password it is encrypted; the empty one opens for everybody."""
    first = 3
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = b" ".join(b"%d 0 R" % (first + 3 * index) for index in range(len(pages)))
    objects.append(b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)))
    key = b"" if user_password is None else _Key.of(user_password).key
    for index, page in enumerate(pages):
        objects += _page_objects(page, first + 3 * index, key)
    if user_password is None:
        return write_pdf(objects)
    objects.append(_Key.of(user_password).dictionary)
    return write_pdf(objects, b"/Encrypt %d 0 R/ID[<%s><%s>]" % (len(objects), _ID.hex().encode(), _ID.hex().encode()))


def write_pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Objects (numbered from 1, the first is the catalog) with the table of where they lie."""
    data = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    table = b"0000000000 65535 f \n"
    for number, body in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = len(objects) + 1
    end = b"xref\n0 %d\n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    return data + end % (size, table, size, trailer, len(data))


def _page_objects(page: PdfPage, number: int, key: bytes) -> list[bytes]:
    """The page itself, its content and its picture (null if it has none)."""
    width, height = page.size
    crop = b"/CropBox[%s]" % _numbers(page.crop) if page.crop else b""
    shown = b"/Resources<<%s/Font<</F %s>>>>" % (
        b"/XObject<</P %d 0 R>>" % (number + 2) if page.picture else b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    head = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Rotate %d/Contents %d 0 R" % (
        _numbers((0, 0, width, height)),
        page.rotate,
        number + 1,
    )
    content = page.content
    if content is None:
        content = b"q %s cm /P Do Q" % _numbers((width, 0, 0, height, 0, 0)) if page.picture else b""
    return [
        head + crop + shown + page.extra + b">>",
        _stream(b"", content, number + 1, key),
        _picture(page.picture, number + 2, key) if page.picture else b"null",
    ]


def _picture(picture: Image.Image, number: int, key: bytes) -> bytes:
    entries = b"/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
    size = b"/Width %d/Height %d" % picture.size
    return _stream(entries + size, zlib.compress(picture.convert("L").tobytes()), number, key)


def _stream(entries: bytes, data: bytes, number: int, key: bytes) -> bytes:
    if key:
        data = rc4(hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10], data)
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def _numbers(values: Sequence[float]) -> bytes:
    return b" ".join(b"%.2f" % value for value in values)  # PDF knows no exponents


_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_ID = bytes(range(16))
_PERMISSIONS = -4 & 0xFFFFFFFF


class _Key(Struct, frozen=True):
    key: bytes
    dictionary: bytes

    @classmethod
    def of(cls, user_password: str) -> "_Key":
        padded = (user_password.encode() + _PADDING)[:32]
        owner = rc4(hashlib.md5((b"owner" + _PADDING)[:32]).digest()[:5], padded)
        secret = padded + owner + _PERMISSIONS.to_bytes(4, "little") + _ID
        key = hashlib.md5(secret).digest()[:5]
        entries = b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>"
        return cls(key, entries % (owner.hex().encode(), rc4(key, _PADDING).hex().encode()))


def rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def gray_image(pdf: "pikepdf.Pdf", picture: Image.Image) -> "pikepdf.Stream":
    """A picture of mode L as an image XObject of a PDF that pikepdf has open."""
    from pikepdf import Dictionary, Name

    image = pdf.make_stream(picture.tobytes())
    image.update(
        Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
            Width=picture.width,
            Height=picture.height,
        )
    )
    return image
