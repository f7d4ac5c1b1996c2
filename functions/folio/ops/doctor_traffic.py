"""What `folio doctor` looks at of the work: queues, throttles, alarms, and errors of the log without their messages."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from folio.ops.deployment import Deployment
from folio.ops.findings import Finding
from folio.problems import error_class

WINDOW_SECONDS = 3600  # of what is counted
MAX_AGE_SECONDS = 7200  # of an upload that waits; the template's BacklogAlarm has the same
_MAX_LINES = 1000  # of a log group
_PERIOD_SECONDS = 300


def queues(deployment: Deployment) -> Iterator[Finding]:
    """Yield how many uploads wait, for how long, how many were given up, and how many events NotifyUrl did not take."""
    stack = deployment.stack
    dead = _length(stack, stack.dead_letters)
    remedy = f"folio redrive --stack {deployment.name} lists them with reasons." if dead else ""
    yield Finding("dead-letter queue", f"{dead} uploads were given up.", remedy)
    waiting, age = _length(stack, stack.queue), _age(deployment)
    late = age > MAX_AGE_SECONDS
    yield Finding(
        "queue",
        f"{waiting} uploads wait, the oldest for {int(age)} s.",
        "Raise MaxConcurrency if documents are being read; else see the trigger and the log." if late else "",
    )
    if webhook := deployment.outputs.get("NotifyDeadLetterQueueUrl"):
        lost = _length(stack, webhook)
        remedy = "Mend the address or the secret; the messages' attributes say why. Then empty it." if lost else ""
        yield Finding("queue of the webhook", f"{lost} events were not taken by NotifyUrl for a day.", remedy)


def _length(stack: Any, url: str) -> int:
    payload = stack.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(payload["Attributes"]["ApproximateNumberOfMessages"])


def _age(deployment: Deployment) -> float:
    name = deployment.stack.queue.rpartition("/")[2]
    dimension = {"QueueName": name}
    return max(_values(deployment, "AWS/SQS", "ApproximateAgeOfOldestMessage", dimension, "Maximum", 900), default=0.0)


def throttles(deployment: Deployment, since: float) -> Iterator[Finding]:
    """Yield how often Lambda refused to start the functions."""
    seconds = datetime.now(UTC).timestamp() - since
    counts = {
        name: int(sum(_values(deployment, "AWS/Lambda", "Throttles", {"FunctionName": name}, "Sum", seconds)))
        for name in deployment.of_type("AWS::Lambda::Function")
    }
    total = sum(counts.values())
    worst = max(counts, key=lambda name: counts[name], default="")
    if total:
        state = f"Lambda refused {total} starts in the last hour, most of {worst}."
    else:
        state = f"Lambda refused {total} starts in the last hour."
    remedy = "Ask Service Quotas for more concurrency, or lower MaxConcurrency or split_concurrency." if total else ""
    yield Finding("throttles", state, remedy)


def alarms(deployment: Deployment) -> Iterator[Finding]:
    """Yield the alarms that are on, each with what its description says is to be done."""
    pages = deployment.client("cloudwatch").get_paginator("describe_alarms")
    matches = [
        alarm
        for page in pages.paginate(AlarmNamePrefix=f"{deployment.name}-", StateValue="ALARM")
        for alarm in page["MetricAlarms"]
    ]
    for alarm in matches:
        yield Finding(f"alarm {alarm['AlarmName']}", "It is on.", alarm.get("AlarmDescription") or "See CloudWatch.")
    if not matches:
        yield Finding("alarms", "None is on.")


def errors(deployment: Deployment, since: float) -> Iterator[Finding]:
    """Yield the errors that the functions logged, by class, with the hint of each and without a message."""
    for group in deployment.of_type("AWS::Logs::LogGroup"):
        counts = Counter(_classes(deployment, group, since))
        if not counts:
            yield Finding(f"log {group}", "No error in the last hour.")
        for name, number in sorted(counts.items()):
            hint = _hint(name) or 'Look for "ERROR" in the log group; its lines say where it happened.'
            yield Finding(f"log {group}", f"{name}, {number} in the last hour.", hint)


def _classes(deployment: Deployment, group: str, since: float) -> Iterator[str]:
    pages = deployment.stack.logs.get_paginator("filter_log_events").paginate(
        logGroupName=group,
        startTime=int(1000 * since),
        filterPattern='"ERROR"',
        PaginationConfig={"MaxItems": _MAX_LINES},
    )
    for page in pages:
        for event in page["events"]:
            try:
                line = json.loads(event["message"])
            except ValueError:
                continue
            if isinstance(line, dict) and line.get("level") == "ERROR":
                name = str(line.get("error"))
                yield name if name.isidentifier() else "Error"


def _hint(name: str) -> str:
    known = error_class(name)
    return known.hint if known.__name__ == name else ""


def _values(
    deployment: Deployment, namespace: str, metric: str, dimensions: dict[str, str], statistic: str, seconds: float
) -> list[float]:
    """Return a metric's values of the last seconds, one for each five minutes."""
    now = datetime.now(UTC)
    payload = deployment.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        StartTime=now - timedelta(seconds=seconds),
        EndTime=now,
        Period=_PERIOD_SECONDS,
        Statistics=[statistic],
    )
    return [point[statistic] for point in payload["Datapoints"]]
