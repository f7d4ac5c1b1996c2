"""Every metric that the template's alarms and dashboard name is one that the code writes, or AWS."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import Struct

from folio.providers.cost import CURRENCY
from handlers.telemetry import METRICS, NAMESPACE, STATUSES
from tests.support.aws.rendered import Rendering
from tests.support.aws.template import RESOURCES, of_type, referred

# Namespace -> dimension, what its values are, metrics. Source: the services' user guides, "Metrics and dimensions".
OF_AWS: dict[str, tuple[str, str, set[str]]] = {
    "AWS/SQS": (
        "QueueName",
        "AWS::SQS::Queue",
        {
            "ApproximateNumberOfMessagesVisible",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateAgeOfOldestMessage",
        },
    ),
    "AWS/Lambda": (
        "FunctionName",
        "AWS::Serverless::Function",
        {"Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"},
    ),
    "AWS/States": (
        "StateMachineArn",
        "AWS::Serverless::StateMachine",
        {
            "ExecutionsStarted",
            "ExecutionsSucceeded",
            "ExecutionsFailed",
            "ExecutionsTimedOut",
            "ExecutionsAborted",
            "ExecutionTime",
        },
    ),
    "AWS/ApiGateway": (
        "ApiName",
        "AWS::Serverless::Api",
        {"Count", "4XXError", "5XXError", "Latency", "IntegrationLatency"},
    ),
    "AWS/ApiGateway of tokens": (
        "ApiId",
        "AWS::ApiGatewayV2::Api",
        {"Count", "4xx", "5xx", "Latency", "IntegrationLatency"},
    ),
}
STACK = "${AWS::StackName}"
ALARMS = of_type("AWS::CloudWatch::Alarm")
# With all that there may be.
RENDERED = Rendering(
    NotifyUrl="https://example.org/", NotifySecret="arn:aws:secretsmanager:us-east-1:123456789012:secret:a"
)
BODY: dict[str, Any] = json.loads(RENDERED.of_type("AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"])


class Named(Struct, frozen=True):
    """A metric as the template names it; the value of a dimension is null where a search takes any."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str | None], ...]


BY_TOKEN = Rendering(Api="jwt", Issuer="https://example.org/", Audience="folio")


def in_alarm(alarm: dict[str, Any]) -> Iterator[Named]:
    single = [alarm] if "MetricName" in alarm else []
    for metric in single + [data["MetricStat"]["Metric"] for data in alarm.get("Metrics", []) if "MetricStat" in data]:
        found = tuple((each["Name"], _text(each["Value"])) for each in metric.get("Dimensions", []))
        yield Named(metric["Namespace"], metric["MetricName"], found)


def _text(value: Any) -> str:
    """A dimension's value as the dashboard would write it."""
    if isinstance(value, str):
        return value
    return f"${{{value['Ref']}}}" if "Ref" in value else f"${{{'.'.join(value['Fn::GetAtt'])}}}"


def on_dashboard(body: dict[str, Any] = BODY) -> Iterator[Named]:
    for widget in body["widgets"]:
        before: list[str] = []
        for line in widget["properties"].get("metrics", []):
            if isinstance(line[0], dict):
                yield searched(line[0]["expression"])
                continue
            words = [word for word in line if isinstance(word, str)]
            if words[0] == "...":  # as the line before it, but for what follows
                words = before[: len(before) - len(words) + 1] + words[1:]
            before = words
            namespace, name, *rest = words
            yield Named(namespace, name, tuple(zip(rest[::2], rest[1::2], strict=True)))


def searched(expression: str) -> Named:
    """What SEARCH('{namespace,dimension,…} MetricName="…" dimension="…"', 'statistic', period) looks for."""
    match = re.fullmatch(r"SEARCH\('\{([^}]+)\} MetricName=\"(\w+)\"((?: \w+=\"[^\"]+\")*)', '\w+', \d+\)", expression)
    assert match, expression
    namespace, *names = match[1].split(",")
    given = dict(re.findall(r"(\w+)=\"([^\"]+)\"", match[3]))
    return Named(namespace, match[2], tuple((name, given.get(name)) for name in names))


def faults(metric: Named) -> list[str]:
    """What is wrong with it."""
    if metric.namespace != NAMESPACE:
        tokens = " of tokens" if dict(metric.dimensions).keys() == {"ApiId"} else ""
        dimension, kind, names = OF_AWS[metric.namespace + tokens]
        ((name, value),) = metric.dimensions
        if value == STACK:  # the API is named so
            assert RESOURCES["RestApi"]["Properties"]["Name"] == {"Ref": "AWS::StackName"}
            value = "${RestApi}"
        (resource,) = referred({"Fn::Sub": value})
        right = metric.name in names and name == dimension and RESOURCES[resource]["Type"] == kind
        return [] if right else [f"{metric} is none of {metric.namespace}"]
    if metric.name not in METRICS:
        return [f"{metric} is written by nobody"]
    known = dict(metric.dimensions)
    sets = [{"service", *names} for names in METRICS[metric.name].dimensions]
    found = [] if set(known) in sets else [f"{metric} is written with the dimensions {sets}"]
    found += [] if known.get("service") == STACK else [f"{metric} is not of this stack alone"]
    return found + ([] if known.get("status", STATUSES[0]) in STATUSES else [f"{metric} has an unknown status"])


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_an_alarm_watches_what_is_written_and_says_what_to_do(name: str) -> None:
    alarm = ALARMS[name]
    watched = list(in_alarm(RENDERED.of_type("AWS::CloudWatch::Alarm")[name]))
    assert watched
    assert [fault for metric in watched for fault in faults(metric)] == []
    said = alarm["AlarmDescription"]["Fn::Sub"]
    assert said.endswith(".")
    assert len(said) < 900, "CloudWatch's limit is 1024, with the names filled in"
    assert referred({"Fn::Sub": said}) - {"AWS"} <= set(RESOURCES), "it names what is there"
    assert alarm["TreatMissingData"] == "notBreaching", "no traffic is no fault"
    assert "AlarmTopic" in referred(alarm["AlarmActions"])


def test_the_dashboard_shows_what_is_written() -> None:
    shown = list(on_dashboard())
    assert [fault for metric in shown for fault in faults(metric)] == []
    assert {metric.name for metric in shown if metric.namespace == NAMESPACE} == set(METRICS) - {"LostEvents"}
    statuses = {dict(metric.dimensions).get("status") for metric in shown if metric.name == "Documents"}
    assert statuses == set(STATUSES) - {"ignored"}, "what Folio wrote itself is no document"


def test_an_api_of_the_other_kind_has_metrics_of_its_own() -> None:
    shown = json.loads(BY_TOKEN.of_type("AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"])
    metrics = [*on_dashboard(shown), *in_alarm(BY_TOKEN.of_type("AWS::CloudWatch::Alarm")["ApiAlarm"])]
    of_api = [metric for metric in metrics if metric.namespace == "AWS/ApiGateway"]
    assert {dict(metric.dimensions).get("ApiId") for metric in of_api} == {"${HttpApi}"}
    assert {metric.name for metric in of_api} == {"Count", "4xx", "5xx", "Latency"}
    assert [fault for metric in of_api for fault in faults(metric)] == []


def test_the_dashboard_has_every_alarm_and_no_overlap() -> None:
    (alarms,) = [widget["properties"]["alarms"] for widget in BODY["widgets"] if widget["type"] == "alarm"]
    assert sorted(alarms) == sorted(f"${{{name}.Arn}}" for name in ALARMS)
    taken: set[tuple[int, int]] = set()
    for widget in BODY["widgets"]:
        columns = range(widget["x"], widget["x"] + widget["width"])
        cells = {(x, y) for x in columns for y in range(widget["y"], widget["y"] + widget["height"])}
        assert not cells & taken, widget["properties"]["title"]
        assert max(columns) < 24
        taken |= cells


def test_the_cost_is_shown_in_the_currency_of_the_price_table() -> None:
    (title,) = [widget["properties"]["title"] for widget in BODY["widgets"] if "EstimatedCost" in json.dumps(widget)]
    assert title.endswith(CURRENCY)


@pytest.mark.parametrize(
    "metric",
    [
        Named("Folio", "Document", (("service", STACK), ("status", "complete"))),
        Named("Folio", "Documents", (("service", STACK),)),
        Named("Folio", "Documents", (("service", STACK), ("status", "done"))),
        Named("Folio", "Pages", (("service", "folio"),)),
        Named("Folio", "ProviderCalls", (("service", STACK), ("provider", None))),
        Named("AWS/SQS", "ApproximateAge", (("QueueName", "${UploadQueue.QueueName}"),)),
        Named("AWS/Lambda", "Errors", (("FunctionName", "${UploadQueue.QueueName}"),)),
    ],
)
def test_a_planted_fault_is_found(metric: Named) -> None:
    assert faults(metric)


@pytest.mark.parametrize("api", ["key", "none"])
@pytest.mark.parametrize("hook", ["", "arn:aws:s3:::accelerator"])
def test_throttles_of_every_function_are_watched(api: str, hook: str) -> None:
    rendering = Rendering(Api=api, TextractHookBucket=hook)
    metrics = rendering.of_type("AWS::CloudWatch::Alarm")["ThrottleAlarm"]["Metrics"]
    watched = [part["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for part in metrics if "MetricStat" in part]
    assert sorted(watched) == sorted(f"${{{name}}}" for name in rendering.of_type("AWS::Serverless::Function"))
    (total,) = [part["Expression"] for part in metrics if "Expression" in part]
    assert all(f"FILL({part['Id']}, 0)" in total for part in metrics if "MetricStat" in part)
