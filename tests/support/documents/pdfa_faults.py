"""Documents with one page, each with one thing that PDF/A-2b does not allow or that a copy of it cannot keep."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf

from tests.support.documents.pdfs import PdfPage, make_pdf, words


def base() -> bytes:
    return make_pdf(PdfPage(picture=words("Larkfield")))


def planted(plant: Callable[[pikepdf.Pdf], None], path: Path) -> Path:
    with pikepdf.open(io.BytesIO(base())) as pdf:
        plant(pdf)
        pdf.save(path, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return path


def script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def page_action(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="x"))


def smoothed(pdf: pikepdf.Pdf) -> None:
    next(iter(pdf.pages[0].get_images().values())).Interpolate = True


def attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["notes.txt"] = b"notes"


def lzw(pdf: pikepdf.Pdf) -> None:
    """A page with one form, which paints nothing: the codes of "clear table" and "end of data"."""
    page = pdf.pages[0]
    form = pikepdf.Stream(pdf, b"\x80\x40\x40", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
    form.Resources = pikepdf.Dictionary()
    page.Resources.XObject["/Form"] = form
    page.contents_add(b" /Form Do ")
    form.Filter = pikepdf.Name.LZWDecode


def hidden_note(pdf: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], F=2, Contents="x")
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])


def link(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    pdf.pages[0].Annots = pikepdf.Array([made])


def filled_field(pdf: pikepdf.Pdf) -> None:
    shown = pikepdf.Stream(pdf, b"0 0 40 40 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    shown.BBox, shown.Resources = [0, 0, 40, 40], pikepdf.Dictionary()
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Btn, T="a", V=pikepdf.Name.Yes,
        AS=pikepdf.Name.Yes, DA="/Helv 0 Tf 0 g", Rect=[20, 20, 60, 60], F=4,
        AP=pikepdf.Dictionary(N=pikepdf.Dictionary(Yes=shown), D=shown),
    )  # fmt: skip
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(field)])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pdf.pages[0].Annots)


def field_to_draw(pdf: pikepdf.Pdf) -> None:
    filled_field(pdf)
    pdf.Root.AcroForm.NeedAppearances = True


def signed_title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "Vertrag <3> \u5408\u540c"


def cmyk(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b" 0 1 1 0 k 20 20 60 60 re f ")


def cmyk_space(pdf: pikepdf.Pdf) -> None:
    function = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=[0, 0, 0, 0], C1=[0, 1, 1, 0])
    space = pikepdf.Array([pikepdf.Name.Separation, pikepdf.Name.Spot, pikepdf.Name.DeviceCMYK, function])
    pdf.pages[0].Resources.ColorSpace = pikepdf.Dictionary(Spot=space)
    pdf.pages[0].contents_add(b" /Spot cs 1 scn 20 20 60 60 re f ")


def foreign_font(pdf: pikepdf.Pdf) -> None:
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    pdf.pages[0].Resources.Font = pikepdf.Dictionary(F=font)
    pdf.pages[0].contents_add(b" BT /F 20 Tf 40 40 Td (visible) Tj ET ")


def unknown_operator(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b" BX 1 2 shine EX ")


def deep_state(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b" q" * 30 + b" Q" * 30)


def transfer(pdf: pikepdf.Pdf) -> None:
    function = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], N=1)
    state = pdf.make_indirect(pikepdf.Dictionary(TR=function))
    pdf.pages[0].Resources.ExtGState = pikepdf.Dictionary(G=state)
    pdf.pages[0].contents_add(b" /G gs ")


def postscript(pdf: pikepdf.Pdf) -> None:
    form = pikepdf.Stream(pdf, b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, Subtype2=pikepdf.Name.PS)
    form.BBox, form.Resources = [0, 0, 9, 9], pikepdf.Dictionary()
    pdf.pages[0].Resources.XObject["/Script"] = form
    pdf.pages[0].contents_add(b" /Script Do ")


def bare_note(pdf: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[20, 20, 80, 80], F=4)
    pdf.pages[0].Annots = pikepdf.Array([note])


def ring(pdf: pikepdf.Pdf) -> None:
    """Forms that draw each other, and bookmarks that follow each other, for ever."""
    forms = [pikepdf.Stream(pdf, b"/X Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form) for _ in range(2)]
    for form, other in zip(forms, reversed(forms), strict=True):
        form.BBox, form.Resources = [0, 0, 9, 9], pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=other))
    pdf.pages[0].Resources.XObject["/X"] = forms[0]
    pdf.pages[0].contents_add(b" /X Do ")
    item = pdf.make_indirect(pikepdf.Dictionary(Title="again"))
    item.Next = item
    pdf.Root.Outlines = pikepdf.Dictionary(First=item, Last=item)


def nest(pdf: pikepdf.Pdf) -> None:
    array = pikepdf.Array()
    for _ in range(200):
        array = pikepdf.Array([array])
    pdf.pages[0].Resources.XObject["/Nest"] = pikepdf.Stream(
        pdf, b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9], Nest=array
    )
    pdf.pages[0].contents_add(b" /Nest Do ")
