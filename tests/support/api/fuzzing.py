"""Requests made up from docs/openapi.json, right ones and wrong ones, and what it says of every answer.

With schemathesis' own checks, without three of them: `positive_data_acceptance`, because a schema cannot say that bytes
are no document, that options exclude each other or that an Idempotency-Key was used before; and where nobody asks for
keys, `ignored_auth` and `negative_data_rejection` (often the only wrong is that there is no key).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from folio.options.table import switches
from tests.support.api.conformance import LOCKED, ONE
from tests.support.paths import DATA, ROOT
from tests.support.processes.serving import Api

_SOME = list(switches())[:4]


def _lean(value: Any) -> Any:
    """The document with four of the thirty switches: all are of one kind, and making them up takes most of the time."""
    if isinstance(value, list):
        return [_lean(part) for part in value if not (isinstance(part, dict) and _is_left_out(part.get("name")))]
    if isinstance(value, dict):
        return {name: _lean(part) for name, part in value.items() if not _is_left_out(name)}
    return value


def _is_left_out(name: Any) -> bool:
    return name in switches() and name not in _SOME


DOCUMENT = _lean(json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8")))
SHARES = {  # of the examples, right ones and wrong ones
    "readDocument": (250, 150),
    "createUpload": (200, 150),
    "getJob": (350, 300),
    "getPage": (300, 250),
    "deleteJob": (60, 60),
    "makeOutputs": (100, 100),
    "getJobReview": (60, 60),
    "correctJob": (100, 100),
    "getDocumentReview": (60, 60),
    "correctDocument": (100, 100),
    "getFolder": (15, 15),
    "getProviders": (15, 15),
    "getHealth": (20, 20),
}
_FILES = st.one_of(
    st.sampled_from(
        [ONE, LOCKED, (DATA / "english.pdf").read_bytes()[:9000], (DATA / "chinese.png").read_bytes()[:5000]]
    ),
    st.binary(max_size=200),
)


class Fuzz:
    """One run against an API; `answers` counts them by operation and status."""

    def __init__(self, api: Api, jobs: list[str], *, keys: bool, share: float = 1.0) -> None:
        for kind in DOCUMENT["paths"]["/v1/documents"]["post"]["requestBody"]["content"]:
            if kind not in ("application/json", "multipart/form-data"):
                schemathesis.openapi.media_type(kind, _FILES)
        load_all_checks()
        self._api, self._jobs, self._keys, self._share = api, jobs, keys, share
        self._without = [CHECKS.get_one("positive_data_acceptance")]
        if not keys:
            self._without += [CHECKS.get_one(name) for name in ("ignored_auth", "negative_data_rejection")]
        self.answers: Counter[tuple[str, int]] = Counter()
        self.faults: dict[tuple[str, str, int], str] = {}

    def run(self) -> None:
        """All operations, each with its share of examples."""
        schema = schemathesis.openapi.from_dict(DOCUMENT)
        schema.config.update(base_url=self._api.url)
        for found in schema.get_all_operations():
            operation: Any = found.ok()  # type: ignore[union-attr] # our document has no other
            name = operation.definition.raw["operationId"]
            for mode, many in zip((GenerationMode.POSITIVE, GenerationMode.NEGATIVE), SHARES[name], strict=True):
                examples = max(3, round(many * self._share))
                self._run(name, operation.as_strategy(generation_mode=mode), examples)

    def _run(self, name: str, cases: st.SearchStrategy[Any], examples: int) -> None:
        own = self._ids()

        @settings(
            max_examples=examples, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None
        )
        @given(cases)
        def send(case: Any) -> None:
            if case.path_parameters and name != "deleteJob" and (job := next(own)):
                case.path_parameters["id"] = job
            self._send(name, case)

        checked: Callable[[], None] = send
        checked()

    def _ids(self) -> Iterator[str | None]:
        """Every other request is about a job that is there."""
        while True:
            yield None
            yield from self._jobs

    def _send(self, name: str, case: Any) -> None:
        headers = {"X-Api-Key": self._api.key} if case.meta.generation.mode == GenerationMode.POSITIVE else {}
        answer = case.call(headers=headers, timeout=60)
        self.answers[name, answer.status_code] += 1
        if not self._keys and answer.status_code == 403 and "X-Request-Id" not in answer.headers:
            return  # of `sam local` itself, to a made-up id by which the path becomes no resource's
        try:
            case.validate_response(answer, headers=headers, excluded_checks=self._without)
        except FailureGroup as group:
            for fault in group.exceptions:
                told = f"{fault}\n{case.as_curl_command()[:800]}\n{answer.text[:400]}"
                self.faults.setdefault((name, type(fault).__name__, answer.status_code), told)
