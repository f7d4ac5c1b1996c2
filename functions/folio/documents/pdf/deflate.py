"""Deflated data in PDFs."""

import zlib


def is_whole(packed: bytes) -> bool:
    """Return whether deflated data do not break off: Pillow and pypdf accept it, PDF viewers complain."""
    reader = zlib.decompressobj()
    try:
        while packed and not reader.eof:
            reader.decompress(packed, 1 << 20)
            packed = reader.unconsumed_tail
    except zlib.error:
        return False
    return reader.eof
