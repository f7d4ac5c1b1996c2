"""Calls to a Folio elsewhere, with nothing but what a plugin of Dify has."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx

type Json = dict[str, Any]

_CALL_SECONDS = 60.0  # API Gateway answers in 29
_JOB_SECONDS = 840.0  # Dify ends a call after main.MAX_REQUEST_TIMEOUT
_POLL_SECONDS = 1.0
_BUSY = (429, 503)
_TOO_LARGE = 413


class FolioApiError(Exception):
    """A sentence that says what is wrong, and what to do. It holds nothing of a document, and no key."""


class FolioApi:
    """`credentials` are the provider's: `url`, and `key` where the API asks for one."""

    def __init__(self, credentials: Mapping[str, Any]) -> None:
        key = credentials.get("key")
        headers = {"X-Api-Key": str(key)} if key else {}
        base = str(credentials.get("url") or "").rstrip("/") + "/"
        self._http = httpx.Client(base_url=base, headers=headers, timeout=_CALL_SECONDS)
        self._end = time.monotonic() + _JOB_SECONDS

    def providers(self) -> list[Json]:
        """Return who can read there. Raises FolioApiError."""
        answer: list[Json] = self._call("GET", "v1/providers").json()
        return answer

    def read(self, content: bytes, name: str, options: Mapping[str, str]) -> Json:
        """Return the result of a document (docs/results.md of Folio); a long one is waited for.

        Raises FolioApiError.
        """
        query = {"filename": name, **options}
        headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/octet-stream"}
        try:
            answer: Json = self._call("POST", "v1/documents", params=query, content=content, headers=headers).json()
        except _TooLarge:
            answer = self._upload(content, name, options)
        return self._finished(answer) if "state" in answer else answer

    def _upload(self, content: bytes, name: str, options: Mapping[str, str]) -> Json:
        """Put what is too large for a call where the API says, and return its job."""
        asked = {"filename": name, "bytes": len(content), "options": options}
        place = self._call("POST", "v1/uploads", json=asked).json()
        # Without the key: it goes to nobody but the API.
        with httpx.Client(timeout=_JOB_SECONDS) as storage:
            sent = storage.post(place["url"], data=place["fields"], files={"file": (name, content)})
        if sent.is_error:
            raise FolioApiError(f"The document could not be stored ({sent.status_code}). Try again.")
        return {"id": place["job"], "state": "waiting"}

    def _finished(self, job: Json) -> Json:
        address = f"v1/jobs/{job['id']}"
        while job["state"] not in ("complete", "partial", "failed"):
            if time.monotonic() > self._end:
                raise FolioApiError("The document was not read in time. Ask for fewer pages at once.")
            time.sleep(_POLL_SECONDS)
            job = self._call("GET", address).json()
        if job["state"] == "failed":
            raise FolioApiError(_sentence(job.get("error") or {}))
        with httpx.Client(timeout=_CALL_SECONDS) as storage:
            result: Json = storage.get(job["links"]["result"]).raise_for_status().json()
        self._call("DELETE", address)
        return result

    def _call(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Return an answer; wait while the API is busy."""
        while True:
            try:
                answer = self._http.request(method, path, **request)
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                raise FolioApiError(f"Folio cannot be reached ({type(error).__name__}). Check its address.") from None
            if answer.is_success:
                return answer
            if answer.status_code == _TOO_LARGE:
                raise _TooLarge(_problem(answer))
            if answer.status_code not in _BUSY or time.monotonic() > self._end:
                raise FolioApiError(_problem(answer))
            time.sleep(min(float(answer.headers.get("Retry-After") or _POLL_SECONDS), 30))


class _TooLarge(FolioApiError):
    pass


def read_pages(result: Json) -> Json:
    """Return of a result what a workflow uses: pages with their lines and boxes, tables as rows, and fields."""
    return {
        "status": result["status"],
        "confidence": result.get("confidence"),
        "warnings": result.get("warnings", []),
        "fields": [
            {name: field.get(name) for name in ("name", "value", "page", "confidence", "check")}
            for field in result.get("fields", [])
        ],
        "pages": [_page(page) for page in result["pages"]],
    }


def _page(page: Json) -> Json:
    return {
        **{name: page.get(name) for name in ("number", "width", "height", "status", "text")},
        "error": (page.get("error") or {}).get("message"),
        "lines": [{"text": line["text"], "box": _box(line["polygon"])} for line in page.get("lines", [])],
        "tables": [_rows(table) for table in page.get("tables", [])],
    }


def _rows(table: Json) -> list[list[str]]:
    rows = max(cell["row"] for cell in table["cells"]) + 1
    columns = max(cell["column"] for cell in table["cells"]) + 1
    texts = {(cell["row"], cell["column"]): cell["text"] for cell in table["cells"]}
    return [[texts.get((row, column), "") for column in range(columns)] for row in range(rows)]


def _box(polygon: list[list[float]]) -> list[float]:
    lefts, tops = [x for x, _ in polygon], [y for _, y in polygon]
    return [min(lefts), min(tops), max(lefts), max(tops)]


def _problem(answer: httpx.Response) -> str:
    try:
        return _sentence(answer.json())
    except ValueError:
        return f"The server answered with {answer.status_code}, and not as Folio does. Check the address."


def _sentence(problem: Json) -> str:
    """Return what a problem document (RFC 9457) of Folio says, and what to do about it."""
    message = problem.get("detail") or problem.get("title") or "The document could not be read."
    return f"{message} {problem.get('hint') or ''}".strip()
