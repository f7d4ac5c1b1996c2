"""Types of files that people send and nobody here reads: each is refused with what to do about it."""

from folio.documents.formats.base import Start
from folio.errors import PasswordProtected, UnsupportedType

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Name of a stream -> what the file is, and what it can be saved as.
_STREAMS = {
    "WordDocument": ("A Word document of before 2007 (.doc)", ".docx or PDF"),
    "Workbook": ("An Excel workbook of before 2007 (.xls)", ".xlsx or PDF"),
    "Book": ("An Excel workbook of before 2007 (.xls)", ".xlsx or PDF"),
    "PowerPoint Document": ("A PowerPoint file of before 2007 (.ppt)", ".pptx or PDF"),
}
_SIGNATURES = {
    b"{\\rtf": ("A file of Rich Text (.rtf)", "Save it as .docx or PDF."),
    b"%!PS": ("A PostScript file", "Make a PDF of it, for example with ps2pdf."),
    b"Rar!\x1a\x07": ("A RAR archive", "Send its files, or pack them as ZIP."),
    b"7z\xbc\xaf\x27\x1c": ("A 7z archive", "Send its files, or pack them as ZIP."),
    b"\x1f\x8b": ("A file packed by gzip", "Send what is in it, or pack that as ZIP."),
}


def refuse_unread(start: Start) -> None:
    """Raise UnsupportedType for a file of a type that is known and not read, PasswordProtected for a locked one."""
    for signature, (what, action) in _SIGNATURES.items():
        if start.data.startswith(signature):
            raise UnsupportedType(f"{what} is not read. {action}")
    if not start.data.startswith(_OLE):
        return
    names = _stream_names(start)
    if "EncryptedPackage" in names:
        raise PasswordProtected("The document is locked with a password.")
    for name, (what, others) in _STREAMS.items():
        if name in names:
            raise UnsupportedType(f"{what} is not read. Save it as {others}.")


def _stream_names(start: Start) -> set[str]:
    import olefile

    try:
        with olefile.OleFileIO(start.path) as file:
            return {location[0] for location in file.listdir(streams=True) if len(location) == 1}
    except Exception:  # noqa: BLE001 (a damaged one is of no type that is known)
        return set()
