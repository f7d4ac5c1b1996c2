"""Mail as it is sent (RFC 5322, MIME): its text, pictures in it, and the files attached to it."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from folio.documents.formats.base import Contents, Format, Limits, Start
from folio.documents.formats.encodings import decoded
from folio.documents.formats.html import decoded_html
from folio.documents.formats.letter import Attachment, MailText
from folio.documents.formats.pictures import Pictures
from folio.documents.formats.setting import Setting
from folio.errors import DamagedDocument, TooLarge

MEDIA_TYPE = "message/rfc822"
_HEAD = ("From", "To", "Cc", "Date")
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_NAME = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{0,60}):", re.MULTILINE)
_SAYS_MAIL = (b"received", b"return-path", b"message-id", b"mime-version", b"from", b"delivered-to", b"dkim-signature")
_MIN_NAMES = 2
_MAX_NAME = 100  # characters of the subject of an attached mail, which is its name
_MAX_PARTS, _MAX_DEPTH = 2_000, 30


def _is_mail(start: Start) -> bool:
    """Return whether a file begins with the head of a mail."""
    data = start.data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if data.startswith(b"From "):  # as mailboxes separate their mails
        data = data.partition(b"\n")[2]
    head = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]
    lines = head.splitlines()
    if not lines or any(line[:1] not in b" \t" and not _NAME.match(line) for line in lines[:40] if line):
        return False
    names = {name.lower() for name in _NAME.findall(head)}
    return sum(name in names for name in _SAYS_MAIL) >= _MIN_NAMES


class _Mail:
    """What is matched in the parts of a mail."""

    def __init__(self, message: EmailMessage) -> None:
        self._message = message
        self._html, self._plain = list[str](), list[str]()
        self._inline: dict[str, bytes] = {}
        self._attachments: list[Attachment] = []
        self._parts = 0
        self._add(message, 0)

    def letter(self) -> MailText:
        return MailText(
            subject=_header(self._message, "Subject"),
            head=[(name, _header(self._message, name)) for name in _HEAD],
            html="<hr>".join(self._html),
            plain="\n\n".join(self._plain),
            inline=self._inline,
            attachments=self._attachments,
        )

    def _add(self, part: EmailMessage, depth: int) -> None:
        self._parts += 1
        if self._parts > _MAX_PARTS or depth > _MAX_DEPTH:
            raise TooLarge(f"The mail has more than {_MAX_PARTS} parts, or they lie too deep within each other.")
        kind = part.get_content_type()
        if kind == "message/rfc822":
            self._attachments += _attached_mails(part)
        elif kind == "multipart/alternative":
            self._alternative(part, depth)
        elif part.is_multipart():
            for inner in _parts(part):
                self._add(inner, depth + 1)
        elif kind not in _SIGNATURES:
            self._leaf(part, kind)

    def _alternative(self, part: EmailMessage, depth: int) -> None:
        """Take the HTML of two forms of a text, with its pictures, or else what there is."""
        forms = _parts(part)
        rich = [form for form in forms if any(one.get_content_type() == "text/html" for one in form.walk())]
        for form in rich[-1:] or forms[-1:]:
            self._add(form, depth + 1)

    def _leaf(self, part: EmailMessage, kind: str) -> None:
        data = part.get_payload(decode=True)
        content = data if isinstance(data, bytes) else b""
        name, is_attached = _filename(part), part.get_content_disposition() == "attachment"
        charset = str(part.get_content_charset() or "")
        if kind in ("text/plain", "text/html") and not is_attached and not name:
            (self._html if kind == "text/html" else self._plain).append(
                decoded_html(content, charset) if kind == "text/html" else decoded(content, charset)
            )
            return
        identity = str(part.get("Content-ID", "")).strip().strip("<>")
        if identity and kind.startswith("image/"):
            self._inline[identity] = content
        self._attachments.append(Attachment(name, content))


def _parts(part: EmailMessage) -> list[EmailMessage]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, EmailMessage)] if isinstance(payload, list) else []


def _attached_mails(part: EmailMessage) -> Iterator[Attachment]:
    for inner in _parts(part):
        subject = _shortened(" ".join(_header(inner, "Subject").split()))
        yield Attachment(f"{subject or 'message'}.eml", inner.as_bytes(policy=policy.compat32))


def _shortened(subject: str) -> str:
    """Return the beginning of a subject without a part of a word or of a number, which nobody could tell for one."""
    if len(subject) <= _MAX_NAME:
        return subject
    return re.sub(r"[!-~]+$", "", subject[:_MAX_NAME]).rstrip(" -0123456789")


def _filename(part: EmailMessage) -> str:
    try:
        return str(part.get_filename() or "").strip()
    except Exception:  # noqa: BLE001 (a head made by hand raises whatever its parser met first)
        return ""


def _header(message: EmailMessage, name: str) -> str:
    """Return a line of the head; bytes that nothing declares are in the encoding they look like."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    try:
        plain = str(raw).encode("ascii", "surrogateescape")
        return str(message[name] or "") if plain.isascii() else decoded(plain)
    except Exception:  # noqa: BLE001 (as above)
        return str(raw).encode("ascii", "replace").decode()


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    data = path.read_bytes().lstrip(b"\r\n")
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise DamagedDocument("The mail is damaged: it has no head.")
    letter, pictures = _Mail(message).letter(), Pictures(folder)
    setting = Setting(folder / "set", limits)
    setting.put_all(letter.items(pictures))
    return setting.finish(MEDIA_TYPE, pictures.warnings(), letter.entries(folder))


FORMAT = Format(
    name="mail (.eml)", media_types=(MEDIA_TYPE,), suffixes=(".eml", ".mht"), is_one=_is_mail, unpack=_unpack
)
