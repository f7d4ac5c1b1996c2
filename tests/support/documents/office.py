"""Presentations and OpenDocument files, of the few parts that a reader needs."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.support.documents.ofds import zipped

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{_OFFICE}"'
)
_EMU = 914_400
_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "style")
)


def pptx(shapes: Sequence[tuple[str, tuple[float, float, float, float]]]) -> bytes:
    """One slide of 10 by 7.5 inches; shapes with their left, top, width and height in inches."""
    drawn = "".join(
        f'<p:sp><p:spPr><a:xfrm><a:off x="{x * _EMU:.0f}" y="{y * _EMU:.0f}"/>'
        f'<a:ext cx="{width * _EMU:.0f}" cy="{height * _EMU:.0f}"/></a:xfrm></p:spPr>'
        f"<p:txBody><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp>"
        for text, (x, y, width, height) in shapes
    )
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "ppt/presentation.xml": (
                f'<p:presentation {_P}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst>'
                f'<p:sldSz cx="{10 * _EMU}" cy="{int(7.5 * _EMU)}"/></p:presentation>'
            ).encode(),
            "ppt/_rels/presentation.xml.rels": (
                f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/slide" '
                'Target="slides/slide1.xml"/></Relationships>'
            ).encode(),
            "ppt/slides/slide1.xml": f"<p:sld {_P}><p:cSld><p:spTree>{drawn}</p:spTree></p:cSld></p:sld>".encode(),
        }
    )


def odt(body: str, *, manifest: str = "<manifest/>") -> bytes:
    """A text with that content."""
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": manifest.encode(),
            "content.xml": (
                f"<office:document-content {_ODF}><office:body><office:text>{body}</office:text></office:body>"
                "</office:document-content>"
            ).encode(),
        }
    )


def epub(chapters: Sequence[str]) -> bytes:
    """A book of chapters, each the content of a body."""
    items = "".join(f'<item id="c{n}" href="c{n}.xhtml"/>' for n in range(len(chapters)))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    container = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    return zipped(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": container.encode(),
            "OPS/book.opf": f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>".encode(),
            **{f"OPS/c{n}.xhtml": f"<html><body>{text}</body></html>".encode() for n, text in enumerate(chapters)},
        }
    )
