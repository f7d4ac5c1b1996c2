"""A letter as mail programs show it: its head, its text and what is pinned to it. Used for all formats of mail."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from folio.documents.formats.base import Entry
from folio.documents.formats.flow import Item, Paragraph
from folio.documents.formats.html import items_of
from folio.documents.formats.pictures import Pictures
from folio.documents.formats.text import paragraphs


class Attachment(Struct, frozen=True):
    name: str
    data: bytes


class MailText(Struct, frozen=True, kw_only=True):
    """`head` are its lines From, To and the like; of two forms of the text HTML is what the sender wrote.

    `inline` are pictures in the text, by their content ids.
    """

    subject: str
    head: Sequence[tuple[str, str]]
    html: str = ""
    plain: str = ""
    inline: Mapping[str, bytes] = {}
    attachments: Sequence[Attachment] = ()

    def items(self, pictures: Pictures) -> Iterator[Item]:
        if self.subject.strip():
            yield Paragraph(" ".join(self.subject.split()), "title")
        if head := "\n".join(f"{name}: {' '.join(value.split())}" for name, value in self.head if value.strip()):
            yield Paragraph(head)
        if self.html.strip():
            yield from items_of(self.html, pictures, self._picture)
        else:
            yield from paragraphs(self.plain)

    def _picture(self, address: str) -> bytes | None:
        return self.inline.get(address.removeprefix("cid:")) if address.startswith("cid:") else None

    def entries(self, folder: Path, before: int = 0) -> Iterator[Entry]:
        """Write the attachments into a folder that has so many already."""
        shown = set(self.inline.values()) if self.html.strip() else set[bytes]()
        for index, attachment in enumerate(self.attachments, start=before):
            if attachment.data and attachment.data not in shown:
                path = folder / f"attachment{index}"
                path.write_bytes(attachment.data)
                yield Entry(kind="file", path=path, name=attachment.name or f"attachment {index + 1}")
