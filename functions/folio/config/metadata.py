"""Text that goes with an object in S3, whose metadata are ASCII: other text is an encoded word (RFC 2047)."""

import base64
import binascii
import re

_WORD = re.compile(r"=\?utf-8\?(?:b\?([A-Za-z0-9+/=]*)|q\?([!->@-~]*))\?=", re.IGNORECASE)
_WORDS = re.compile(rf"(?:{_WORD.pattern}\s*)+", re.IGNORECASE)


def encoded(text: str) -> str:
    """Return text as a value of an object's metadata."""
    if text.isascii() and not _WORDS.fullmatch(text):
        return text
    return f"=?UTF-8?B?{base64.b64encode(text.encode()).decode()}?="


def decoded(value: str) -> str:
    """Return the text of a value; one that is no encoded word, or a damaged one, is the text itself."""
    if not _WORDS.fullmatch(value):
        return value
    try:
        parts = [base64.b64decode(word[1]) if word[1] else _unquoted(word[2] or "") for word in _WORD.finditer(value)]
        return b"".join(parts).decode()
    except (binascii.Error, UnicodeDecodeError):
        return value


def _unquoted(text: str) -> bytes:
    return binascii.a2b_qp(text.encode(), header=True)
