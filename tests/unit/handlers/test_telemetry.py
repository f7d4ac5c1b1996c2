"""What the doors tell: every value is a metric of the table, and the table is what the code uses."""

import io
import json
from typing import Any, get_args

import msgspec
import pytest

from folio.errors import DamagedDocument, EngineFailed
from folio.providers.cost import Ledger, Usage
from folio.providers.registry import declarations
from folio.reading.pipeline import Outcome
from handlers import telemetry
from tests.support.aws.metrics import Point, points, total

COMPLETE = Outcome(
    key="a.pdf", status="complete", written="a.pdf.ocr.json", pages=3, failed_pages=0, confidence=0.9, seconds=1.5
)


@pytest.fixture(autouse=True)
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """The log lines, which go elsewhere than metrics here."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "folio-test")
    lines = io.StringIO()
    monkeypatch.setattr(telemetry.logger.registered_handler, "stream", lines)
    return lines


def told(capsys: pytest.CaptureFixture[str]) -> list[Point]:
    found = points(capsys.readouterr().out)
    for point in found:
        metric = telemetry.METRICS[point.name]
        assert (point.namespace, point.unit) == (telemetry.NAMESPACE, metric.unit.value)
        assert {name for name, _ in point.dimensions} in [{"service", *names} for names in metric.dimensions]
        assert ("service", "folio-test") in point.dimensions
    return found


def test_a_document_is_told_with_all_that_is_known_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.record(COMPLETE)
    found = told(capsys)
    assert {(point.name, point.value) for point in found} == {
        ("Documents", 1), ("Latency", 1.5), ("Confidence", 0.9), ("Pages", 3), ("FailedPages", 0),
    }  # fmt: skip
    assert total(found, "Documents", status="complete") == 1


def test_how_much_was_masked_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.record(msgspec.structs.replace(COMPLETE, masked=4))
    assert total(told(capsys), "MaskedPlaces") == 4
    telemetry.record(msgspec.structs.replace(COMPLETE, masked=0))
    assert [point.value for point in told(capsys) if point.name == "MaskedPlaces"] == [0]
    telemetry.record(COMPLETE)
    assert "MaskedPlaces" not in {point.name for point in told(capsys)}


def test_what_is_not_known_is_no_zero(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.record(Outcome(key="a.pdf", status="failed", error=DamagedDocument("No page.")))
    assert [(point.name, point.value) for point in told(capsys)] == [("Documents", 1)]


def test_a_page_without_confidence_says_nothing_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.record(msgspec.structs.replace(COMPLETE, confidence=None))
    assert "Confidence" not in {point.name for point in told(capsys)}


@pytest.mark.parametrize(("last", "status"), [(False, "retry"), (True, "dead-letter")])
@pytest.mark.parametrize("error", [EngineFailed("It stopped."), ValueError("Larkfield 2093")])
def test_a_failed_attempt_is_told_apart_from_the_last_one(
    error: Exception, last: bool, status: str, capsys: pytest.CaptureFixture[str], log: io.StringIO
) -> None:
    telemetry.record_failure(error, last=last)
    assert total(told(capsys), "Documents", status=status) == 1
    line: dict[str, Any] = json.loads(log.getvalue())
    assert (line["level"], line["error"], line["last"]) == ("ERROR", type(error).__name__, last)
    assert "Larkfield" not in log.getvalue()


def test_calls_are_told_by_provider_and_mode(capsys: pytest.CaptureFixture[str]) -> None:
    ledger = Ledger()
    for mode in ("general", "general", "accurate"):
        ledger.spend("baidu", mode)
        ledger.charge("baidu", mode, declarations()["baidu"].price(mode))
    ledger.spend("tencent", "general")
    ledger.fail("tencent", "general")
    ledger.count("tesseract", "general")
    telemetry._record_usage(ledger.usage())
    found = told(capsys)
    assert total(found, "ProviderCalls", provider="baidu", mode="general") == 2
    assert total(found, "ProviderCalls", provider="tesseract") == 1
    assert total(found, "EstimatedCost", provider="baidu") == pytest.approx(0.05)
    assert total(found, "ProviderErrors", provider="tencent") == 1
    summed = [point.value for point in found if point.name == "ProviderCalls" and len(point.dimensions) == 1]
    assert sum(summed) == 5, "and added up over all of them"


def test_who_asked_nobody_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry._record_usage(())
    assert capsys.readouterr().out == ""


def test_every_status_is_one_the_code_can_give() -> None:
    outcomes = get_args(Outcome.__annotations__["status"])
    assert set(telemetry.STATUSES) == {*outcomes, telemetry.RETRY, telemetry.DEAD_LETTER}


def test_the_table_has_no_metric_that_nobody_writes(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.record(msgspec.structs.replace(COMPLETE, masked=1))
    telemetry._record_usage((Usage("baidu", "general", calls=1),))
    telemetry.emit({"LostEvents": 1})
    assert {point.name for point in told(capsys)} == set(telemetry.METRICS)
