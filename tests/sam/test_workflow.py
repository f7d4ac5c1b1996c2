"""The functions of the workflow in their containers, one after the other as the state machine calls them."""

import json

from jsonschema import Draft202012Validator

from folio import keys
from tests.sam.conftest import RemoteInbox, Service
from tests.support.aws.inbox import BUCKET
from tests.support.aws.region import scan

KEY = "inbox/parcels.pdf"
PAGES = 10  # a chunk of eight and one of two


def test_the_steps_of_a_long_document(
    inbox: RemoteInbox, service: Service, schema_result: Draft202012Validator
) -> None:
    etag = inbox.put(KEY, scan(PAGES), languages="eng")
    job = {"bucket": BUCKET, "key": KEY, "etag": etag}
    plan = service.invoke({"job": job}, "SplitFunction")
    assert [chunk[:2] for chunk in plan["chunks"]] == [[1, 8], [9, 10]]
    for chunk, pages in zip(plan["chunks"], (8, 2), strict=True):
        told = service.invoke({"job": job, "chunk": chunk, "attempt": "next"}, "RecognizeFunction")
        assert told == {"pages": pages}
    kept = [key for key in inbox.keys() if keys.is_checkpoint(key)]  # noqa: SIM118 (no dictionary)
    assert kept
    assert service.invoke({"job": job}, "MergeFunction") == {"status": "complete", "pages": PAGES}
    schema_result.validate(json.loads(inbox.body(keys.result_key(KEY))))
    texts = [page.text for page in inbox.result(KEY).pages]
    assert all(f"Parcel {number}" in text for number, text in enumerate(texts, 1))
    assert not set(kept) & set(inbox.keys())
