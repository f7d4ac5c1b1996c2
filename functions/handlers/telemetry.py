"""What all entry points report: log lines, and metrics as log lines; never document text, never secrets.

Metrics are written in CloudWatch's embedded metric format, which costs no call and no permission. Their names and
dimensions stand in METRICS, and tests hold the template's dashboard and alarms against it.
"""

import traceback
from collections.abc import Mapping

import msgspec
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from msgspec import Struct

from folio.config.environment import service_name
from folio.errors import FolioError
from folio.providers.cost import Usage
from folio.reading.pipeline import Outcome, Services

NAMESPACE = "Folio"


class Metric(Struct, frozen=True):
    """How values of one name are written, under each of these sets of dimensions; all have the service besides."""

    unit: MetricUnit
    dimensions: tuple[tuple[str, ...], ...] = ((),)


# One by one for graphs, and added up for alarms, which cannot search.
_BY_PROVIDER = (("provider", "mode"), ())
METRICS = {
    "Documents": Metric(MetricUnit.Count, (("status",),)),
    "Pages": Metric(MetricUnit.Count),
    "FailedPages": Metric(MetricUnit.Count),
    "MaskedPlaces": Metric(MetricUnit.Count),  # of results of which something is to be masked; never what it was
    "Latency": Metric(MetricUnit.Seconds),  # of documents with a result: from the start of the reading to it
    "Confidence": Metric(MetricUnit.NoUnit),  # from 0 to 1, of documents with a known one
    "ProviderCalls": Metric(MetricUnit.Count, _BY_PROVIDER),
    "ProviderErrors": Metric(MetricUnit.Count, _BY_PROVIDER),
    "EstimatedCost": Metric(MetricUnit.NoUnit, _BY_PROVIDER),  # in the currency of the price table
    "LostEvents": Metric(MetricUnit.Count),  # documents whose event could not be sent
}
# An attempt that failed leaves its document to the next one, or to the dead-letter queue.
RETRY, DEAD_LETTER = "retry", "dead-letter"
STATUSES = ("complete", "partial", "failed", "already-read", "superseded", "ignored", "started", RETRY, DEAD_LETTER)

logger = Logger(service=service_name(), log_uncaught_exceptions=True)


def record(outcome: Outcome) -> None:
    """Report what became of a document, in the log and in metrics."""
    error = outcome.error
    logger.info(
        "Document handled",
        status=outcome.status,
        written=outcome.written,
        preserved=outcome.preserved,
        pages=outcome.pages,
        seconds=outcome.seconds and round(outcome.seconds, 3),
        error=type(error).__name__ if error else None,
        reason=(error.logged or error.message) if error else None,
    )
    emit({"Documents": 1}, status=outcome.status)
    emit(
        _known({"Latency": outcome.seconds, "Confidence": outcome.confidence, "MaskedPlaces": outcome.masked})
        | _pages(outcome)
    )


def record_failure(error: Exception, *, last: bool) -> None:
    """Report an attempt without an outcome; after the `last` one the document goes to the dead-letter queue."""
    kind = type(error).__name__
    if isinstance(error, FolioError):
        logger.error(error.logged or error.message, error=kind, hint=error.hint, retryable=error.retryable, last=last)
    else:
        # Where it happened, without its message: a foreign message may quote the document.
        logger.error("Unexpected fault", error=kind, where=traceback.format_tb(error.__traceback__), last=last)
    emit({"Documents": 1}, status=DEAD_LETTER if last else RETRY)


def metered(services: Services) -> Services:
    """Return the same services, which report what providers are asked; calls for a document that fails are paid too."""
    return msgspec.structs.replace(services, on_usage=_record_usage)


def _record_usage(usages: tuple[Usage, ...]) -> None:
    for usage in usages:
        values = {"ProviderCalls": usage.calls, "ProviderErrors": usage.errors, "EstimatedCost": usage.estimate}
        emit(values, provider=usage.provider, mode=usage.mode)


def _pages(outcome: Outcome) -> dict[str, float]:
    return {"Pages": outcome.pages, "FailedPages": outcome.failed_pages} if outcome.pages else {}


def _known(values: Mapping[str, float | None]) -> dict[str, float]:
    return {name: value for name, value in values.items() if value is not None}


def emit(values: Mapping[str, float], **dimensions: str) -> None:
    """Write metrics that have the same sets of dimensions, in one line."""
    if not values:
        return
    service = service_name()
    metrics = EphemeralMetrics(namespace=NAMESPACE, service=service)
    first, *others = METRICS[next(iter(values))].dimensions
    for dimension in first:
        metrics.add_dimension(dimension, dimensions[dimension])
    for dimension_set in others:
        metrics.add_dimensions(service=service, **{dimension: dimensions[dimension] for dimension in dimension_set})
    for name, value in values.items():
        metrics.add_metric(name, METRICS[name].unit, value)
    metrics.flush_metrics()
