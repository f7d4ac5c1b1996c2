"""A file some of whose bytes are read as others."""

import io
from pathlib import Path


class Patched(io.FileIO):
    """`patches`: offset -> bytes. C libraries that are handed its descriptor see the file as it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.patches: dict[int, bytes] = {}

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # of all buffers, those there are
        start = self.tell()
        length = super().readinto(buffer) or 0
        for offset, patch in self.patches.items():
            for index, byte in enumerate(patch, start=offset - start):
                if 0 <= index < length:
                    buffer[index] = byte
        return length
