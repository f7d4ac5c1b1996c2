"""OFD files (GB/T 33190): pages of text, paths and pictures, with all that programs write differently."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

_XMLNS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_SIZE_MM = 4.0


class OfdPage(Struct, frozen=True, kw_only=True):
    """`texts`: left, top (mm) and text; `extra`: further objects as XML; `template`: the number of one."""

    texts: Sequence[tuple[float, float, str]] = ()
    extra: str = ""
    template: int | None = None


def text_object(left: float, top: float, text: str, *, size: float = _SIZE_MM, step: bool = True) -> str:
    """One line; `step`: with the distance of each character from the next, as most programs write it."""
    widths = [size * (0.5 if character.isascii() else 1.0) for character in text]
    delta = f' DeltaX="{" ".join(f"{width:g}" for width in widths[:-1])}"' if step and len(text) > 1 else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{left} {top} {sum(widths):g} {size * 1.2:g}" Font="3" Size="{size:g}">'
        f'<ofd:TextCode X="0" Y="{size:g}"{delta}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def path_object(left: float, top: float, width: float, height: float, data: str, more: str = "") -> str:
    return (
        f'<ofd:PathObject Boundary="{left} {top} {width} {height}" LineWidth="0.3" {more}>'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def image_object(number: int, left: float, top: float, width: float, height: float, ctm: bool = True) -> str:
    matrix = f' CTM="{width} 0 0 {height} 0 0"' if ctm else ""
    return f'<ofd:ImageObject ResourceID="{number}" Boundary="{left} {top} {width} {height}"{matrix}/>'


def document(
    folder: str,
    pages: Sequence[OfdPage],
    *,
    templates: Sequence[OfdPage] = (),
    pictures: Mapping[str, bytes | None] | None = None,
    attachments: Mapping[str, bytes] | None = None,
    absolute: bool = False,
) -> dict[str, bytes]:
    """The files of one document; `pictures` without content are named and missing. Their numbers are 100, 101 …"""
    root = f"/{folder}/" if absolute else ""
    pictures, attachments = pictures or {}, attachments or {}
    files = {
        "PublicRes.xml": _res('<ofd:Fonts><ofd:Font ID="3" FontName="宋体"/></ofd:Fonts>'),
        "DocumentRes.xml": _res(f"<ofd:MultiMedias>{''.join(map(_media, enumerate(pictures, 100)))}</ofd:MultiMedias>"),
        **{f"Res/{name}": data for name, data in pictures.items() if data is not None},
        **{f"Tpls/Tpl_{number}/Content.xml": _content(template) for number, template in enumerate(templates)},
        **{f"Pages/Page_{number}/Content.xml": _content(page) for number, page in enumerate(pages)},
    }
    common = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea>"
    common += (
        f"<ofd:PublicRes>{root}PublicRes.xml</ofd:PublicRes><ofd:DocumentRes>{root}DocumentRes.xml</ofd:DocumentRes>"
    )
    for number in range(len(templates)):
        common += f'<ofd:TemplatePage ID="{50 + number}" BaseLoc="{root}Tpls/Tpl_{number}/Content.xml"/>'
    listed = "".join(
        f'<ofd:Page ID="{200 + number}" BaseLoc="{root}Pages/Page_{number}/Content.xml"/>'
        for number in range(len(pages))
    )
    body = f"<ofd:CommonData>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
    if attachments:
        body += f"<ofd:Attachments>{root}Attachs/Attachments.xml</ofd:Attachments>"
        listed = "".join(map(_attachment, enumerate(attachments)))
        files["Attachs/Attachments.xml"] = _xml(f"<ofd:Attachments {_XMLNS}>{listed}</ofd:Attachments>")
        files |= {f"Attachs/{name}": data for name, data in attachments.items()}
    files["Document.xml"] = _xml(f"<ofd:Document {_XMLNS}>{body}</ofd:Document>")
    return {f"{folder}/{name}": data for name, data in files.items()}


def _res(content: str) -> bytes:
    return _xml(f'<ofd:Res {_XMLNS} BaseLoc="Res">{content}</ofd:Res>')


def _media(numbered: tuple[int, str]) -> str:
    number, name = numbered
    return f'<ofd:MultiMedia ID="{number}" Type="Image"><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia>'


def _attachment(numbered: tuple[int, str]) -> str:
    number, name = numbered
    return f'<ofd:Attachment ID="{number}" Name={quoteattr(name)}><ofd:FileLoc>{name}</ofd:FileLoc></ofd:Attachment>'


def _content(page: OfdPage) -> bytes:
    template = "" if page.template is None else f'<ofd:Template TemplateID="{50 + page.template}"/>'
    objects = "".join(text_object(*text) for text in page.texts) + page.extra
    return _xml(
        f'<ofd:Page {_XMLNS}>{template}<ofd:Content><ofd:Layer ID="7">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def ofd(*documents: dict[str, bytes], signed: bool = False, titles: Sequence[str] = ()) -> bytes:
    """The file of all documents, each in the folder that its Document.xml names."""
    bodies = ""
    files: dict[str, bytes] = {}
    for index, parts in enumerate(documents):
        root = next(name for name in parts if name.endswith("Document.xml"))
        title = f"<ofd:Title>{titles[index]}</ofd:Title>" if titles else ""
        signature = f"<ofd:Signatures>{root.rpartition('/')[0]}/Signs/Signatures.xml</ofd:Signatures>" if signed else ""
        bodies += (
            f"<ofd:DocBody><ofd:DocInfo>{title}</ofd:DocInfo><ofd:DocRoot>{root}</ofd:DocRoot>{signature}</ofd:DocBody>"
        )
        files |= parts
        if signed:
            folder = root.rpartition("/")[0] + "/Signs"
            files[f"{folder}/Signatures.xml"] = _xml(
                f'<ofd:Signatures {_XMLNS}><ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>'
            )
            files[f"{folder}/Sign_0/SignedValue.dat"] = b"\x30\x82" + bytes(200)
    files["OFD.xml"] = _xml(f'<ofd:OFD {_XMLNS} Version="1.1" DocType="OFD">{bodies}</ofd:OFD>')
    return zipped(files)


def zipped(files: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def _xml(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()


INVOICE = [
    (70.0, 8.0, "电子发票（增值税专用发票）"),
    (140.0, 20.0, "发票号码：25442000000123456789"),
    (140.0, 26.0, "开票日期：2026年03月18日"),
    (8.0, 40.0, "购买方信息 名称：深圳市蓝图科技有限公司"),
    (8.0, 46.0, "统一社会信用代码/纳税人识别号：91440300MA5EXAMPL1"),
    (110.0, 40.0, "销售方信息 名称：广州云帆办公用品有限公司"),
    (110.0, 46.0, "统一社会信用代码/纳税人识别号：91440101MA5EXAMPL2"),
    (8.0, 60.0, "*纸制品*复印纸"),
    (70.0, 60.0, "A4"),
    (90.0, 60.0, "10"),
    (110.0, 60.0, "25.00"),
    (135.0, 60.0, "250.00"),
    (160.0, 60.0, "13%"),
    (180.0, 60.0, "32.50"),
    (8.0, 100.0, "价税合计（大写）贰佰捌拾贰圆伍角整"),
    (135.0, 100.0, "（小写）¥282.50"),
]
