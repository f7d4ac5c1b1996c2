"""Whatever a stranger sends: it is unpacked and decoded in a process without keys, not in the function's own."""

import random
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any

import cv2
import olefile
import pi_heif
import pytest
import zxingcpp
from PIL import Image

from tests.support.aws.inbox import Inbox
from tests.support.documents.codes import drawn_symbol
from tests.support.documents.written import FORMS, make_source
from tests.support.paths import DATA
from tests.support.tools import needs_tools

pytestmark = needs_tools

# What takes a file apart, or pixels with codes in them. The built-in decoders of Pillow all go through open.
DECODERS: list[tuple[Any, str]] = [
    (Image, "open"), (pi_heif, "open_heif"), (cv2, "imread"), (cv2, "imdecode"), (zxingcpp, "read_barcodes"),
    (zipfile, "ZipFile"), (olefile, "OleFileIO"),
]  # fmt: skip


def png_with_code() -> bytes:
    return bytes(cv2.imencode(".png", drawn_symbol("LARKFIELD-2093", "QRCode", 6))[1])


PICTURES = ("heic", "png")
DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "heic": (DATA / "photo.heic").read_bytes,
    "pdf": (DATA / "english.pdf").read_bytes,
    "png": png_with_code,
} | {kind: partial(made, make_source(random.Random(1))) for kind, made in FORMS.items()}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_function_itself_takes_no_file_apart(kind: str, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    body = DOCUMENTS[kind]()
    called: list[str] = []

    def watched(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            called.append(name)
            return original(*given, **named)

        return call

    for module, name in DECODERS:
        monkeypatch.setattr(module, name, watched(name, getattr(module, name)))
    key = f"document.{kind.partition('-')[0]}"
    inbox.read(key, body, providers="tesseract", outputs="text", ocr="auto" if kind in PICTURES else "never")
    assert inbox.result(key).status == "complete"
    assert called == []
