"""Compound files (MS-CFB) with any tree of streams: what Outlook keeps its mails in."""

import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD

type Tree = Mapping[str, "bytes | Tree"]


def compound(tree: Tree) -> bytes:
    """A file with the streams and storages of a tree."""
    writer = _Writer()
    writer.add("Root Entry", tree, 5)
    return writer.finish()


class _Writer:
    def __init__(self) -> None:
        self._sectors: list[bytes] = []
        self._fat: list[int] = []
        self._mini, self._mini_fat = bytearray(), list[int]()
        self._entries: list[list[object]] = []

    def add(self, name: str, content: "bytes | Tree", kind: int) -> int:
        number = len(self._entries)
        entry: list[object] = [name, kind, _FREE, 0, 0, _FREE]  # name, kind, child, start, size, right sibling
        self._entries.append(entry)
        if isinstance(content, bytes):
            entry[3], entry[4] = self._store(content), len(content)
            return number
        siblings = [self.add(key, part, 2 if isinstance(part, bytes) else 1) for key, part in _sorted(content)]
        for one, other in pairwise(siblings):
            self._entries[one][5] = other
        entry[2] = siblings[0] if siblings else _FREE
        return number

    def _store(self, data: bytes) -> int:
        if not data:
            return _END
        if len(data) >= _CUTOFF:
            return self._chain(data)
        start = len(self._mini_fat)
        count = -(-len(data) // _MINI)
        self._mini += data.ljust(count * _MINI, b"\0")
        self._mini_fat += [*range(start + 1, start + count), _END]
        return start

    def _chain(self, data: bytes) -> int:
        start, count = len(self._sectors), -(-len(data) // _SECTOR)
        padded = data.ljust(count * _SECTOR, b"\0")
        self._sectors += [padded[index * _SECTOR : (index + 1) * _SECTOR] for index in range(count)]
        self._fat += [*range(start + 1, start + count), _END]
        return start

    def finish(self) -> bytes:
        self._entries[0][3], self._entries[0][4] = (
            self._chain(bytes(self._mini)) if self._mini else _END,
            len(self._mini),
        )
        mini = b"".join(struct.pack("<I", number) for number in self._mini_fat)
        mini_start = self._chain(mini.ljust(-(-len(mini) // _SECTOR) * _SECTOR, b"\xff")) if mini else _END
        directory = self._chain(b"".join(map(_directory_entry, self._entries)))
        fat_start, fats = len(self._sectors), 1
        while (fat_start + fats) * 4 > fats * _SECTOR:
            fats += 1
        fat = [*self._fat, *[_FAT] * fats]
        table = b"".join(struct.pack("<I", number) for number in fat).ljust(fats * _SECTOR, b"\xff")
        header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        header += struct.pack(
            "<IIIIIIIII", 0, fats, directory, 0, _CUTOFF, mini_start, -(-len(mini) // _SECTOR), _END, 0
        )
        header += b"".join(struct.pack("<I", fat_start + index) for index in range(fats))
        return header.ljust(_SECTOR, b"\xff") + b"".join(self._sectors) + table


def _sorted(tree: Tree) -> "list[tuple[str, bytes | Tree]]":
    return sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper()))


def _directory_entry(entry: list[object]) -> bytes:
    name, kind, child, start, size, right = entry
    code = str(name).encode("utf-16-le")
    return (
        code.ljust(64, b"\0")
        + struct.pack("<HBB", len(code) + 2, kind, 1)
        + struct.pack("<III", _FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def message(
    texts: Mapping[str, str],
    *,
    html: bytes = b"",
    attachments: Mapping[str, bytes] | None = None,
    within: Tree | None = None,
) -> dict[str, "bytes | Tree"]:
    """The streams of a mail: `texts` by the numbers of their properties; `within` is a mail attached to it."""
    ticks = (
        int((datetime(2026, 6, 1, 2, 0, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
    )
    tree: dict[str, bytes | Tree] = {
        "__properties_version1.0": bytes(32) + struct.pack("<IIQ", 0x00390040, 6, ticks),
        **{f"__substg1.0_{number}001F": text.encode("utf-16-le") for number, text in texts.items()},
    }
    if html:
        tree["__substg1.0_10130102"] = html
    for index, (name, data) in enumerate((attachments or {}).items()):
        tree[f"__attach_version1.0_#{index:08X}"] = {
            "__properties_version1.0": bytes(8),
            "__substg1.0_3707001F": name.encode("utf-16-le"),
            "__substg1.0_37010102": data,
        }
    if within is not None:
        tree["__attach_version1.0_#000000FF"] = {"__properties_version1.0": bytes(8), "__substg1.0_3701000D": within}
    return tree
