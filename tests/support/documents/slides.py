"""A presentation in one file of XML (.fodp), of which LibreOffice makes PowerPoint and OpenDocument files."""

from html import escape

from tests.support.documents.written import Source

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in (
        ("office", "office"), ("draw", "drawing"), ("text", "text"), ("svg", "svg-compatible"),
        ("table", "table"), ("style", "style"), ("presentation", "presentation"),
    )
)  # fmt: skip
_PER_SLIDE = 4  # paragraphs


def fodp(source: Source) -> bytes:
    """The title and some paragraphs on each slide, each in a frame of its own, and the table on the last."""
    slides, rest = list[str](), list(source.paragraphs)
    while rest:
        frames = [_frame(source.title, 1.0)] if not slides else []
        frames += [_frame(text, 3.0 + 4.0 * index) for index, text in enumerate(rest[:_PER_SLIDE])]
        del rest[:_PER_SLIDE]
        slides.append("".join(frames))
    rows = "".join(
        "<table:table-row>" + "".join(f"<table:table-cell>{_text(cell)}</table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in source.rows
    )  # fmt: skip
    columns = f'<table:table-column table:number-columns-repeated="{len(source.rows[0])}"/>'
    table = f'<draw:frame svg:x="1cm" svg:y="1cm" svg:width="24cm" svg:height="12cm"><table:table>{columns}{rows}'
    slides.append(table + "</table:table></draw:frame>")
    pages = "".join(
        f'<draw:page draw:name="page{number}" draw:master-page-name="plain">{slide}</draw:page>'
        for number, slide in enumerate(slides)
    )
    styles = (
        '<office:automatic-styles><style:page-layout style:name="sheet"/></office:automatic-styles>'
        '<office:master-styles><style:master-page style:name="plain" style:page-layout-name="sheet"/>'
        "</office:master-styles>"
    )
    kind = "application/vnd.oasis.opendocument.presentation"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document {_NAMES} office:version="1.2" office:mimetype="{kind}">'
        f"{styles}<office:body><office:presentation>{pages}</office:presentation></office:body></office:document>"
    ).encode()


def _frame(text: str, top: float) -> str:
    box = f'svg:x="1cm" svg:y="{top}cm" svg:width="24cm" svg:height="3cm"'
    return f"<draw:frame {box}><draw:text-box>{_text(text)}</draw:text-box></draw:frame>"


def _text(text: str) -> str:
    return f"<text:p>{escape(text)}</text:p>"
