"""What an upload's metadata may spend: with the real handler, and a paid service that counts its calls."""

import pytest

from folio.wiring import s3_services
from tests.fakes.cloud.server import CloudServer
from tests.support.aws.inbox import Inbox
from tests.support.clouds import variables
from tests.support.documents.cards import png
from tests.support.documents.drawings import draw

KEY = "in/a.png"
BODY = png(draw("hazel parcel", size=(520, 260), at=(40, 30)).image)


@pytest.fixture(autouse=True)
def _keys_are_there(servers: dict[str, CloudServer], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables(servers).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("FOLIO_CALLER_PROVIDERS")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"providers": "aliyun"}, "FOLIO_CALLER_PROVIDERS=aliyun"),
        ({"providers": "tesseract,aliyun", "min_confidence": "1"}, "FOLIO_CALLER_PROVIDERS=aliyun"),
        ({"max_calls": "999999"}, "FOLIO_MAX_CALLS"),
    ],
)
def test_an_upload_that_would_spend_more_is_refused_and_read_once_that_is_allowed(
    options: dict[str, str],
    says: str,
    inbox: Inbox,
    servers: dict[str, CloudServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert inbox.read(KEY, BODY, **options) == [KEY, f"{KEY}.ocr.error.json"]
    error = inbox.error(KEY).error
    assert error.type == "BadOption"
    assert says in error.message
    assert not servers["aliyun"].calls

    monkeypatch.setenv("FOLIO_CALLER_PROVIDERS", "aliyun")
    monkeypatch.setenv("FOLIO_MAX_CALLS", "999999")
    s3_services.cache_clear()
    assert inbox.read(KEY, BODY, **options) == [KEY, f"{KEY}.ocr.json"]


def test_what_the_installation_names_may_be_chosen(
    inbox: Inbox, servers: dict[str, CloudServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLIO_PROVIDERS", "tesseract,aliyun")
    assert inbox.read(KEY, BODY, providers="aliyun") == [KEY, f"{KEY}.ocr.json"]
    assert servers["aliyun"].calls
