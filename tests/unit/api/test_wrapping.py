"""What documents are wrapped in on their way, taken off: gzip within bounds, base64 in lines, data URIs."""

import base64
import gzip
import json
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio.api.http import HttpRequest
from folio.api.requests import parse_request
from folio.api.wrapping import MAX_UNPACKED, from_base64, unpacked
from folio.config.settings import Settings
from folio.errors import BadRequest, BodyTooLarge


def packed(body: bytes, encoding: str = "gzip") -> HttpRequest:
    return HttpRequest(method="POST", headers={"content-encoding": encoding}, body=body)


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=3))
def test_gzip_of_one_or_several_members_gives_back_every_byte(parts: list[bytes]) -> None:
    assert unpacked(packed(b"".join(map(gzip.compress, parts)))).body == b"".join(parts)


def test_a_body_that_is_not_compressed_stays_as_it_is() -> None:
    for request in (packed(b"as it is", ""), packed(b"as it is", "identity")):
        assert unpacked(request) is request


def test_a_bomb_is_refused_in_little_memory() -> None:
    # Zeros a thousand times smaller, and that a thousand times smaller again in members.
    member = gzip.compress(bytes(MAX_UNPACKED // 4))
    tracemalloc.start()
    with pytest.raises(BodyTooLarge):
        unpacked(packed(member * 5))
    assert tracemalloc.get_traced_memory()[1] < 1.2 * MAX_UNPACKED
    tracemalloc.stop()


WHOLE = gzip.compress(b"one")


@pytest.mark.parametrize(
    "body", [b"plain", WHOLE[:-9], WHOLE + b"x", zlib.compress(b"")], ids=["plain", "cut", "followed", "zlib"]
)
def test_gzip_that_is_damaged_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        unpacked(packed(body))


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "deflate", "x" * 300])
def test_other_encodings_are_refused_with_what_to_do(encoding: str) -> None:
    with pytest.raises(BadRequest, match="or with gzip") as refused:
        unpacked(packed(b"", encoding))
    assert refused.value.field == "Content-Encoding"
    assert len(refused.value.message) < 140


@given(st.binary(max_size=500))
def test_base64_is_read_as_mime_breaks_it_into_lines_and_as_a_data_uri(content: bytes) -> None:
    lines = base64.encodebytes(content).decode()
    plain = base64.b64encode(content).decode()
    assert from_base64(lines) == from_base64(lines.replace("\n", "\r\n")) == (content, "")
    assert from_base64(f"data:application/pdf;name=a.pdf;base64,{plain}") == (content, "application/pdf")
    assert from_base64(f"DATA:;base64,{lines}") == (content, "")


@given(st.text(max_size=60))
def test_no_text_breaks_the_decoder(text: str) -> None:
    for one in (text, f"data:{text}"):
        with suppress(BadRequest):
            from_base64(one)


def test_a_document_in_json_may_be_a_data_uri() -> None:
    body = json.dumps({"content": "data:image/png;base64,iVBO\nRw0K", "filename": "a.png"}).encode()
    request = HttpRequest(method="POST", headers={"content-type": "application/json"}, body=body)
    asked, _ = parse_request(request, Settings())
    assert (asked.content, asked.media_type) == (b"\x89PNG\r\n", "image/png")
