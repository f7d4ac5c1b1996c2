"""What the API promises, wherever it runs: tests/integration holds `folio serve` to it, tests/sam the built function.

A test module takes the tests by importing Conformance, and has a fixture `api`.
"""

import base64
import gzip
import io
import json
import re
from typing import Any
from uuid import uuid4

import pytest
import requests
from PIL import Image

from folio.api.negotiation import FORMS
from folio.models import Result, decode
from folio.problems import ProblemDocument
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.paths import DATA
from tests.support.processes.serving import Api

ONE = make_pdf(PdfPage(picture=words("Larkfield")))
THREE = make_pdf(*(PdfPage(picture=words(word)) for word in ("Larkfield", "Oakham", "Twine")))
LOCKED = make_pdf(PdfPage(picture=words("Larkfield")), user_password="secret")
TABLE = (DATA / "english.pdf").read_bytes()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STARTS = {
    "text/plain": b"Larkfield",
    "text/vnd.hocr+html": b"<?xml",
    "text/html": b"<!DOCTYPE html>",
    "application/alto+xml": b"<?xml",
    "text/markdown": b"",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": b"PK",
    "application/jsonl": b'{"chunk":1,',
    "application/vnd.amazon.textract+json": b'{"Blocks":[{"BlockType":"PAGE",',
    "application/pdf": b"%PDF-",
    "application/json": b'{"schema":"folio/1"',
}


def problem(answer: requests.Response, status: int) -> ProblemDocument:
    """The problem document an answer must be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = decode(answer.content, ProblemDocument)
    assert (told.status, told.request_id) == (status, answer.headers["X-Request-Id"])
    assert told.hint.endswith(".")
    return told


class Conformance:
    def test_health_and_providers(self, api: Api) -> None:
        assert api.get("v1/health").json()["status"] == "ok"
        providers = {one["name"]: one for one in api.get("v1/providers").json()}
        assert providers["tesseract"]["usable"]
        assert not providers["baidu"]["usable"]
        assert providers["baidu"]["missing"] == ["BAIDU_API_KEY", "BAIDU_SECRET_KEY", "FOLIO_CALLER_PROVIDERS"]

    def test_a_document_comes_in_three_forms_and_is_the_same(self, api: Api) -> None:
        in_base64 = {"content": base64.b64encode(THREE).decode(), "filename": "a.pdf", "options": {"pages": "2"}}
        answers = [
            api.read(THREE, filename="a.pdf", pages="2"),
            api.call("POST", "v1/documents", files={"file": ("a.pdf", THREE)}, data={"pages": "2"}),
            api.call("POST", "v1/documents", json=in_base64),
        ]
        results = [decode(answer.content, Result) for answer in answers]
        for result in results:
            assert [page.number for page in result.pages] == [2]
            assert result.text == "Oakham"
            assert (result.source.key, result.source.bucket) == ("a.pdf", None)
        assert len({result.engine.settings for result in results}) == 1

    @pytest.mark.parametrize("accept", sorted(STARTS))
    def test_the_answer_has_the_form_asked_for(self, api: Api, accept: str) -> None:
        answer = api.read(ONE, accept)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].partition(";")[0] == accept
        assert answer.content.startswith(STARTS[accept])
        if accept.startswith("text/"):
            assert "Larkfield" in answer.text
        assert set(STARTS) | {"text/csv", XLSX} == set(FORMS)

    @pytest.mark.parametrize("accept", ["text/csv", XLSX])
    def test_a_document_without_tables_has_no_content_for_a_spreadsheet(self, api: Api, accept: str) -> None:
        answer = api.read(ONE, accept)
        assert (answer.status_code, answer.content, answer.headers["Folio-Status"]) == (204, b"", "complete")
        with_table = api.read(TABLE, accept)
        assert with_table.status_code == 200
        assert with_table.headers["Content-Type"].partition(";")[0] == accept

    def test_a_document_comes_wrapped(self, api: Api) -> None:
        packed = api.read(gzip.compress(ONE), "text/plain", headers={"Content-Encoding": "gzip"})
        assert packed.text == "Larkfield\n"
        in_lines = {"content": f"data:application/pdf;base64,{base64.encodebytes(ONE).decode()}"}
        assert api.call("POST", "v1/documents", json=in_lines).json()["text"] == "Larkfield"
        problem(api.read(ONE, headers={"Content-Encoding": "br"}), 400)

    def test_the_reference_needs_no_key(self, api: Api, openapi: Any) -> None:
        served = requests.get(f"{api.url}openapi.json", timeout=60)
        assert served.json() | {"servers": []} == openapi | {"servers": []}
        page = requests.get(f"{api.url}docs", timeout=60)
        assert page.status_code == 200
        assert "script-src" not in page.headers["Content-Security-Policy"]
        for name in re.findall(r'href="(assets/[^"]+)"', page.text):
            assert requests.get(f"{api.url}{name}", timeout=60).status_code == 200

    def test_the_name_of_a_document_may_be_in_any_language(self, api: Api) -> None:
        answer = api.call("POST", "v1/documents", files={"file": ("扫描 1.pdf", ONE)})
        assert decode(answer.content, Result).source.key == "扫描 1.pdf"

    @pytest.mark.parametrize(
        ("options", "field"),
        [
            ({"languages": "klingon"}, "languages"),
            ({"dpi": "9"}, "dpi"),
            ({"pages": "0"}, "pages"),
            ({"mode": "palm"}, "mode"),
            ({"nonsense": "1"}, "nonsense"),
            ({"providers": "baidu"}, "providers"),
            ({"max_calls": "999999"}, "max_calls"),
            ({"languages": "eng\u2014"}, "languages"),
            ({"languages": ["eng", "eng"]}, "languages"),
        ],
    )
    def test_a_bad_option_is_named(self, api: Api, options: dict[str, Any], field: str) -> None:
        assert problem(api.read(ONE, **options), 400).field == field

    @pytest.mark.parametrize(
        ("body", "status", "kind"),
        [
            (b"\x7fELF\x02\x01\x01", 415, "unsupported-type"),
            (b"%PDF-1.4\nbroken", 422, "damaged-document"),
            (b"\x89PNG\r\n\x1a\nbroken", 422, "damaged-document"),
            (LOCKED, 422, "password-protected"),
            (b"", 400, "bad-request"),
        ],
    )
    def test_what_cannot_be_read_says_why(self, api: Api, body: bytes, status: int, kind: str) -> None:
        assert problem(api.read(body), status).type == f"urn:folio:error:{kind}"

    @pytest.mark.parametrize(
        ("told", "field"),
        [
            ("no json", None),
            ("[]", None),
            ('{"content": "===="}', "content"),
            ('{"content": "AAAA", "s3": {"bucket": "abc", "key": "k"}}', None),
            ('{"options": {}}', None),
            ('{"content": "AAAA", "options": {"dpi": []}}', "options[...]"),
            ('{"s3": {"bucket": "abc"}}', "s3"),
            ('{"other": 1}', None),
        ],
    )
    def test_a_body_that_does_not_fit_says_where(self, api: Api, told: str, field: str | None) -> None:
        answer = api.call("POST", "v1/documents", data=told, headers={"Content-Type": "application/json"})
        assert (problem(answer, 400).field or None) == field

    def test_a_form_that_is_cut_short_is_refused(self, api: Api) -> None:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        body = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc'
        problem(api.call("POST", "v1/documents", data=body, headers=headers), 400)

    def test_addresses_methods_and_forms_that_are_not_there(self, api: Api) -> None:
        problem(api.get("v1/nothing"), 404)
        answer = api.call("PUT", "v1/documents", data=ONE)
        problem(answer, 405)
        assert answer.headers["Allow"] == "POST"
        problem(api.read(ONE, accept="image/gif"), 406)
        problem(api.read(ONE, accept="application/json;q=0"), 406)

    @pytest.mark.parametrize("job", ["A" * 32, "short", "A" * 31 + "%2F"])
    def test_an_unknown_job_is_not_there(self, api: Api, job: str) -> None:
        assert api.get(f"v1/jobs/{job}").status_code == 404
        assert api.get(f"v1/jobs/{job}/pages/1").status_code == 404

    def test_a_job_by_preference(self, api: Api) -> None:
        answer = api.read(THREE, "application/pdf", filename="a.pdf", headers={"Prefer": "respond-async"})
        assert answer.status_code == 202, answer.text
        told = answer.json()
        assert answer.headers["Location"].endswith(f"v1/jobs/{told['id']}")
        assert int(answer.headers["Retry-After"]) > 0
        *_, done = api.finished(told["id"])
        assert (done["state"], done["pages"]) == ("complete", {"done": 3, "total": 3, "ready": "", "chosen": ""})
        assert set(done["links"]) == {"result", "source", "pdf"}
        assert (told["accept"], told["answer"]) == ("application/pdf", None)
        assert (done["accept"], api.fetch(done["answer"])[:5]) == ("application/pdf", b"%PDF-")
        assert decode(api.fetch(done["links"]["result"]), Result).text.split() == ["Larkfield", "Oakham", "Twine"]
        assert api.fetch(done["links"]["pdf"]).startswith(b"%PDF-")
        assert api.fetch(done["links"]["source"]) == THREE
        self._pages_of(api, told["id"])

    def _pages_of(self, api: Api, job: str) -> None:
        page = api.get(f"v1/jobs/{job}/pages/2").json()
        assert (page["number"], page["text"]) == (2, "Oakham")
        drawn = api.get(f"v1/jobs/{job}/pages/2", "image/png")
        assert drawn.headers["Content-Type"] == "image/png"
        with Image.open(io.BytesIO(drawn.content)) as picture:
            assert 1590 <= max(picture.size) <= 1600
            assert abs(picture.width / picture.height - page["width"] / page["height"]) < 0.01
            assert min(picture.convert("L").tobytes()) < 64, "there is something on it"
        problem(api.get(f"v1/jobs/{job}/pages/4"), 404)
        problem(api.get(f"v1/jobs/{job}/pages/4", "image/png"), 404)
        problem(api.get(f"v1/jobs/{job}/pages/2", "text/csv"), 406)

    def test_a_document_through_the_bucket(self, api: Api) -> None:
        asked = {
            "filename": "扫描.pdf",
            "content_type": "application/pdf",
            "options": {"outputs": "text", "pages": "1"},
        }
        told = api.call("POST", "v1/uploads", json=asked).json()
        assert api.job(told["job"])["state"] == "waiting"
        job = api.upload(ONE, **asked)
        *_, done = api.finished(job)
        assert (done["state"], done["filename"]) == ("complete", "扫描.pdf")
        assert api.fetch(done["links"]["text"]) == b"Larkfield\n"

    def test_a_job_that_fails_says_why(self, api: Api) -> None:
        *_, done = api.finished(api.upload(b"%PDF-1.4 broken", filename="a.pdf"))
        assert done["state"] == "failed"
        assert (done["error"]["title"], done["error"]["status"]) == ("Damaged document", 422)
        assert done["error"]["hint"]

    @pytest.mark.parametrize(
        ("asked", "status"),
        [
            ({"options": {"dpi": 9}}, 400),
            ({"options": {"languages": "klingon"}}, 400),
            ({"content_type": "video/mp4"}, 415),
            ({"bytes": 10**12}, 413),
            ({"bytes": 0}, 400),
            ({"filename": "a.ocr.json"}, 400),
        ],
    )
    def test_an_upload_that_could_not_be_read_is_not_begun(self, api: Api, asked: Any, status: int) -> None:
        problem(api.call("POST", "v1/uploads", json=asked), status)

    def test_the_same_key_gets_the_same_answer(self, api: Api) -> None:
        key = {"Idempotency-Key": str(uuid4())}
        first = api.read(ONE, headers={**key, "Prefer": "respond-async"})
        again = api.read(ONE, headers={**key, "Prefer": "respond-async"})
        assert first.status_code == again.status_code == 202
        assert first.json() == again.json(), "one job, not two"
        assert first.headers["Location"] == again.headers["Location"]
        problem(api.read(THREE, headers=key), 422)
        problem(api.read(ONE, headers={"Idempotency-Key": "a b"}), 400)

    def test_a_refusal_is_repeated_too(self, api: Api) -> None:
        key = {"Idempotency-Key": str(uuid4())}
        first, again = (api.read(b"\x7fELF\x02\x01\x01", headers=key) for _ in range(2))
        assert problem(first, 415).detail == problem_again(again).detail

    def test_a_document_in_the_bucket_is_read_in_its_place(self, api: Api) -> None:
        told = api.call("POST", "v1/uploads", json={"filename": "b.pdf"}).json()
        there = {"bucket": bucket_of(told), "key": told["fields"]["key"]}
        problem(api.call("POST", "v1/documents", json={"s3": there}), 404)
        put = requests.post(api.reach(told["url"]), data=told["fields"], files={"file": ONE}, timeout=60)
        assert put.ok
        *_, done = api.finished(told["job"])
        first = decode(api.fetch(done["links"]["result"]), Result)
        again = decode(api.call("POST", "v1/documents", json={"s3": there}).content, Result)
        assert again == first, "what is there is answered"
        problem(api.call("POST", "v1/documents", json={"s3": {**there, "key": "folio-jobs/someone/a/b.pdf"}}), 404)
        problem(api.call("POST", "v1/documents", json={"s3": {**there, "bucket": "other-bucket"}}), 404)
        problem(api.call("POST", "v1/documents", json={"s3": {**there, "key": f"{there['key']}.ocr.json"}}), 400)

    def test_every_answer_has_an_id_and_is_not_sniffed(self, api: Api) -> None:
        for answer in (api.get("v1/health"), api.get("v1/nothing")):
            assert answer.headers["X-Request-Id"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"

    def test_the_examples_of_the_document_work(self, api: Api, openapi: Any) -> None:
        ran = 0
        for path, methods in openapi["paths"].items():
            for method, operation in methods.items():
                told = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
                if "{" in path or operation.get("parameters", [{}])[0].get("required"):
                    continue  # about a job or a document that must be there (tests/integration/api/test_reviews.py)
                for example in told.get("examples", {}).values():
                    answer = api.call(method, path.lstrip("/"), json=example["value"])
                    assert str(answer.status_code) in [code for code in operation["responses"] if code < "300"]
                    ran += 1
        assert ran >= 3


def problem_again(answer: requests.Response) -> ProblemDocument:
    """The problem of a repeated answer, which has the id of the first one inside."""
    return decode(answer.content, ProblemDocument)


def bucket_of(upload: Any) -> str:
    policy = json.loads(base64.b64decode(upload["fields"]["policy"]))
    return next(str(one["bucket"]) for one in policy["conditions"] if isinstance(one, dict) and "bucket" in one)
