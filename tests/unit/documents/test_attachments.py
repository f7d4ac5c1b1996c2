"""Documents attached to a PDF: found wherever they are attached, taken out by name, within the limits."""

import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from folio.documents.pdf.attachments import extract
from folio.errors import BadOption, DamagedDocument, FolioError, PasswordProtected, TooLarge

type Change = Callable[[pikepdf.Pdf], None]


def file_of(pdf: pikepdf.Pdf, content: bytes, *, name: str = "", **entries: object) -> pikepdf.Object:
    stream = pdf.make_stream(content, Type=Name.EmbeddedFile, **entries)
    return pdf.make_indirect(Dictionary(Type=Name.Filespec, F=String(name), UF=String(name), EF=Dictionary(F=stream)))


def named(*entries: tuple[str, bytes]) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        table = [item for name, content in entries for item in (String(name), file_of(pdf, content, name=name))]
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(table)))

    return change


def deep(pdf: pikepdf.Pdf) -> None:
    """A table of names of three floors, one of which is its own child."""
    leaf = pdf.make_indirect(Dictionary(Names=Array([String("a"), file_of(pdf, b"deep", name="a")])))
    middle = pdf.make_indirect(Dictionary(Kids=Array([leaf])))
    middle.Kids.append(middle)
    pdf.Root.Names = Dictionary(EmbeddedFiles=pdf.make_indirect(Dictionary(Kids=Array([middle]))))


def pinned(pdf: pikepdf.Pdf) -> None:
    pin = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]))
    pin.FS = file_of(pdf, b"deep", name="a")
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(pin)])


def packed_twice(pdf: pikepdf.Pdf) -> None:
    content = zlib.compress(zlib.compress(b"deep"))
    specification = file_of(pdf, b"", name="a")
    specification.EF.F.write(content, filter=Array([Name.FlateDecode, Name.FlateDecode]), decode_parms=None)
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a"), specification])))


def made(folder: Path, change: Change, **how: object) -> Path:
    path = folder / "a.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(60, 40))
        change(pdf)
        pdf.save(path, **how)  # type: ignore[arg-type] # whatever it takes
    return path


def taken(source: Path, requested: str, most: int = 1000) -> bytes:
    target = source.with_name("taken")
    extract(source, requested, target, most)
    return target.read_bytes()


PACKED = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
LOCKED = PACKED | {"encryption": pikepdf.Encryption(owner="x", user="")}


@pytest.mark.parametrize("how", [{}, PACKED, LOCKED], ids=["plain", "packed", "encrypted"])
@pytest.mark.parametrize("change", [named(("a", b"deep")), deep, pinned, packed_twice])
def test_what_is_attached_is_found(change: Change, how: dict[str, object], tmp_path: Path) -> None:
    source = made(tmp_path, change, **how)
    assert taken(source, "a") == taken(source, "#1") == b"deep"


NAMES = ("../../etc/passwd", "纪要.pdf", "C:\\b.pdf", "same", "same", "#1")


@pytest.mark.parametrize(("requested", "number"), [*((name, n) for n, name in enumerate(NAMES) if n != 4), ("#5", 4)])
def test_names_are_taken_as_they_are_and_lead_nowhere(requested: str, number: int, tmp_path: Path) -> None:
    entries = [(name, b"%d" % number) for number, name in enumerate(NAMES)]
    assert taken(made(tmp_path, named(*entries)), requested) == b"%d" % number
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "taken"]


@pytest.mark.parametrize("requested", ["b", "#0", "#3", "#", "#²", "A"])
def test_a_name_that_is_not_there_is_answered_with_those_that_are(requested: str, tmp_path: Path) -> None:
    source = made(tmp_path, named(("a", b""), ("c" * 500, b"")))
    with pytest.raises(BadOption) as refused:
        taken(source, requested)
    assert "'a', 'ccc" in refused.value.message
    assert len(refused.value.message) < 300
    assert "ccc" not in refused.value.logged


def test_of_a_document_without_attachments_this_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="nothing is attached"):
        taken(made(tmp_path, lambda _: None), "a")


@pytest.mark.parametrize("layers", [1, 2])
def test_no_more_is_unpacked_than_the_limit(layers: int, tmp_path: Path) -> None:
    content = zlib.compress(bytes(50_000_000), 9)
    for _ in range(layers - 1):
        content = zlib.compress(content, 9)

    def bomb(pdf: pikepdf.Pdf) -> None:
        named(("a", b""))(pdf)
        stream = pdf.Root.Names.EmbeddedFiles.Names[1].EF.F
        stream.write(content, filter=Array([Name.FlateDecode] * layers), decode_parms=None)

    with pytest.raises(TooLarge):
        taken(made(tmp_path, bomb), "a", most=2_000_000)
    assert (tmp_path / "taken").stat().st_size <= 2_000_000


def test_a_document_that_is_locked_says_so(tmp_path: Path) -> None:
    locked = made(tmp_path, named(("a", b"x")), encryption=pikepdf.Encryption(owner="x", user="y"))
    with pytest.raises(PasswordProtected):
        taken(locked, "a")


@pytest.mark.parametrize("content", [b"%PDF-1.7 nonsense", b"%PDF-1.7\n1 0 obj<</Names 1 0 R>>endobj"])
def test_a_damaged_document_is_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    with pytest.raises(FolioError) as refused:
        taken(tmp_path / "a.pdf", "a")
    assert isinstance(refused.value, DamagedDocument | BadOption)
