"""The function that AWS's document accelerator calls for its OCR step, against an S3 on loopback, with real engines."""

import base64
import json
from typing import Any

import pytest
from textractor.parsers import response_parser

from folio.errors import BadRequest, DamagedDocument, FolioError
from folio.serve.local_lambda import LocalContext
from handlers import textract
from tests.support.aws.inbox import BUCKET, Inbox, load
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.tools import needs_tools

pytestmark = needs_tools

KEY = "temp/lambdahook/3f1c8e0a.png"
EVENT = "textract-hook.json"
LARKFIELD = make_pdf(PdfPage(picture=words("Larkfield")))


@pytest.fixture(autouse=True)
def cold(inbox: Inbox) -> Inbox:
    """A function that has kept nothing of another test's."""
    textract._client.cache_clear()
    textract._settings.cache_clear()
    return inbox


def call(event: dict[str, Any], seconds: float = 300) -> dict[str, Any]:
    answer: dict[str, Any] = textract.handler(event, LocalContext(seconds))  # type: ignore[arg-type]
    # Lambda's runtime makes JSON of it.
    content: dict[str, Any] = json.loads(json.dumps(answer))
    return content


def inline(*documents: bytes) -> dict[str, Any]:
    """A request whose images are in it, as Converse allows too."""
    sources = [{"bytes": base64.b64encode(document).decode()} for document in documents]
    return {"messages": [{"role": "user", "content": [{"image": {"format": "png", "source": one}} for one in sources]}]}


def test_the_accelerators_event_is_answered_with_text_and_textracts_blocks(inbox: Inbox) -> None:
    inbox.client.put_object(Bucket=BUCKET, Key=KEY, Body=LARKFIELD)
    answer = call(load(EVENT))
    message = answer["output"]["message"]
    assert message["role"] == "assistant"
    assert message["content"][0]["text"] == "Larkfield"
    assert answer["usage"] == {"inputTokens": 0, "outputTokens": 0, "totalTokens": 0, "pages": 1}
    blocks = answer["textractBlocks"]["Blocks"]
    assert {block["BlockType"] for block in blocks} >= {"PAGE", "LINE", "WORD"}
    words_read = [block for block in blocks if block["BlockType"] == "WORD"]
    assert all(0 < block["Confidence"] <= 100 for block in words_read)
    parsed = response_parser.parse(answer["textractBlocks"])
    assert [word.text for line in parsed.lines for word in line.words] == ["Larkfield"]
    assert inbox.keys() == [KEY]  # nothing is written


def test_several_images_are_pages_in_order() -> None:
    one, two = (make_pdf(PdfPage(picture=words(word))) for word in ("Larkfield", "Oakham"))
    answer = call(inline(one, two))
    assert answer["usage"]["pages"] == answer["textractBlocks"]["DocumentMetadata"]["Pages"] == 2
    text = answer["output"]["message"]["content"][0]["text"]
    assert text.index("Larkfield") < text.index("Oakham")
    names = [block["Id"] for block in answer["textractBlocks"]["Blocks"]]
    assert len(names) == len(set(names))
    pages = {block["Page"] for block in answer["textractBlocks"]["Blocks"]}
    assert pages == {1, 2}


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"messages": [{"role": "user", "content": [{"text": "Classify this."}]}]},
        {"messages": [{"content": [{"image": {"source": {"s3Location": {"uri": "https://x/y.png"}}}}]}]},
        {"messages": [{"content": [{"image": {"source": {}}}]}]},
    ],
)
def test_a_request_without_an_image_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        call(event)


def test_what_is_no_image_is_an_error_that_says_so() -> None:
    with pytest.raises(FolioError) as caught:
        call(inline(b"%PDF-1.7 of nothing"))
    assert isinstance(caught.value, DamagedDocument) or caught.value.message


def test_a_response_that_would_be_too_long_has_the_text_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textract, "MAX_RESPONSE_BYTES", 500)
    answer = call(inline(LARKFIELD))
    assert "textractBlocks" not in answer
    assert "Larkfield" in answer["output"]["message"]["content"][0]["text"]
