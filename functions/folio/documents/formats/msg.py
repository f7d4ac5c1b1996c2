"""Mail as Outlook saves it (MS-OXMSG): properties in streams of an OLE file, which olefile reads."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from folio.documents.formats.base import Contents, Entry, Format, Limits, Start
from folio.documents.formats.encodings import decoded
from folio.documents.formats.flow import Break
from folio.documents.formats.html import decoded_html
from folio.documents.formats.letter import Attachment, MailText
from folio.documents.formats.pictures import Pictures
from folio.documents.formats.setting import Setting
from folio.errors import DamagedDocument, TooLarge

if TYPE_CHECKING:
    from olefile import OleFileIO

MEDIA_TYPE = "application/vnd.ms-outlook"
_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROPERTIES = "__properties_version1.0"
_PROPERTIES_UTF16 = _PROPERTIES.encode("utf-16-le")
_ATTACHED = "__attach_version1.0_"
_SUBJECT, _BODY, _HTML, _TO, _CC, _FROM, _ADDRESS, _SMTP = (
    "0037",
    "1000",
    "1013",
    "0E04",
    "0E03",
    "0C1A",
    "0C1F",
    "5D01",
)
_DATA, _NAME, _SHORT_NAME, _CONTENT_ID = "3701", "3707", "3704", "3712"
_SENT, _DELIVERED = 0x00390040, 0x0E060040
_EMBEDDED = f"__substg1.0_{_DATA}000D"
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_HEADER_BYTES = {True: 32, False: 24}  # before the properties, of the outer mail and of one within it
_MAX_BYTES, _MAX_DEPTH, _MAX_LETTERS = 100_000_000, 4, 200

type _Place = tuple[str, ...]  # a storage, from the root


class _Message:
    """A mail in an OLE file, or one attached to it there."""

    def __init__(self, file: "OleFileIO", location: _Place = ()) -> None:
        self._file, self._place = file, location

    def letter(self) -> MailText:
        sender, address = self._text(_FROM), self._text(_SMTP) or self._text(_ADDRESS)
        attachments, inline = list[Attachment](), dict[str, bytes]()
        for folder in self._attachment_folders():
            data = self._stream(_DATA, "0102", folder)
            if data is None:
                continue
            attachments.append(Attachment(self._text(_NAME, folder) or self._text(_SHORT_NAME, folder), data))
            if identity := self._text(_CONTENT_ID, folder).strip("<>"):
                inline[identity] = data
        return MailText(
            subject=self._text(_SUBJECT),
            head=[
                ("From", f"{sender} <{address}>" if "@" in address and address != sender else sender),
                ("To", self._text(_TO)),
                ("Cc", self._text(_CC)),
                ("Date", self._date()),
            ],
            html=self._html(),
            plain=self._text(_BODY),
            inline=inline,
            attachments=attachments,
        )

    def within(self) -> Iterator["_Message"]:
        """Yield the mails attached to this one as Outlook does it."""
        for folder in self._attachment_folders():
            if self._file.exists([*folder, _EMBEDDED]):
                yield _Message(self._file, (*folder, _EMBEDDED))

    def _attachment_folders(self) -> list[_Place]:
        length = len(self._place)
        storages = (tuple(entry) for entry in self._file.listdir(streams=False, storages=True))
        return [
            one for one in storages
            if one[:length] == self._place and len(one) == length + 1 and one[-1].startswith(_ATTACHED)
        ]  # fmt: skip

    def _html(self) -> str:
        data = self._stream(_HTML, "0102", self._place)
        return self._text(_HTML) if data is None else decoded_html(data)

    def _text(self, number: str, location: _Place | None = None) -> str:
        where = self._place if location is None else location
        if (data := self._stream(number, "001F", where)) is not None:
            return data.decode("utf-16-le", "replace").rstrip("\x00")
        data = self._stream(number, "001E", where)
        return decoded(data).rstrip("\x00") if data else ""

    def _stream(self, number: str, kind: str, location: _Place) -> bytes | None:
        path = [*location, f"__substg1.0_{number}{kind}"]
        if not self._file.exists(path) or self._file.get_type(path) != 2:
            return None
        if self._file.get_size(path) > _MAX_BYTES:
            raise TooLarge(f"A part of the mail has more than the {_MAX_BYTES} bytes allowed.")
        with self._file.openstream(path) as stream:
            return bytes(stream.read())

    def _date(self) -> str:
        path = [*self._place, _PROPERTIES]
        if not self._file.exists(path):
            return ""
        with self._file.openstream(path) as stream:
            data = stream.read(_MAX_BYTES)
        for start in range(_HEADER_BYTES[not self._place], len(data) - 15, 16):
            if int.from_bytes(data[start : start + 4], "little") in (_SENT, _DELIVERED):
                ticks = int.from_bytes(data[start + 8 : start + 16], "little")
                try:
                    return f"{_EPOCH + timedelta(microseconds=ticks // 10):%a, %d %b %Y %H:%M:%S +0000}"
                except OverflowError:
                    return ""
        return ""


def _letters(message: _Message, depth: int = 0) -> Iterator[MailText]:
    if depth > _MAX_DEPTH:
        raise TooLarge(f"Mails are attached to each other more than {_MAX_DEPTH} deep in this one, which is refused.")
    yield message.letter()
    for inner in message.within():
        yield from _letters(inner, depth + 1)


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    import olefile

    pictures, entries = Pictures(folder), list[Entry]()
    setting = Setting(folder / "set", limits)
    try:
        with olefile.OleFileIO(path) as file:
            for number, letter in enumerate(_letters(_Message(file))):
                if number >= _MAX_LETTERS:
                    raise TooLarge(f"More than {_MAX_LETTERS} mails are attached to this one.")
                setting.put(Break())
                setting.put_all(letter.items(pictures))
                entries += letter.entries(folder, len(entries) + number * 1000)
    except OSError as error:
        if error.errno is not None:
            raise
        raise DamagedDocument("The mail is damaged: its file of properties cannot be read.") from error
    return setting.finish(MEDIA_TYPE, pictures.warnings(), entries)


def _is_msg(start: Start) -> bool:
    """Return whether an OLE file is a mail: Word, Excel and PowerPoint once were OLE files too."""
    if not start.data.startswith(_SIGNATURE):
        return False
    if _PROPERTIES_UTF16 in start.data:
        return True
    import olefile

    try:
        with olefile.OleFileIO(start.path) as file:
            return bool(file.exists(_PROPERTIES))
    except Exception:  # noqa: BLE001 (a damaged one is of no type that is known)
        return False


FORMAT = Format(
    name="Outlook mail (.msg)", media_types=(MEDIA_TYPE,), suffixes=(".msg",), is_one=_is_msg, unpack=_unpack
)
