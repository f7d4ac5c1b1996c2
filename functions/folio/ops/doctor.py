"""`folio doctor --stack`: what an operator would ask AWS for by hand, one check after the other. Nothing is changed."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from folio.errors import AccessDenied, StoreUnavailable
from folio.ops import doctor_buckets, doctor_keys, doctor_network, doctor_traffic
from folio.ops.deployment import Deployment, find_deployment
from folio.ops.findings import Finding
from folio.ops.stack import translated

type Check = Callable[[Deployment], Iterator[Finding]]

_SPARE = 1  # functions that run besides those that read: the API's
_GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")


def examine(name: str) -> Iterator[Finding]:
    """Yield what there is to say of the stack of that name.

    Raises BadOption for a stack that is not Folio's, AccessDenied and StoreUnavailable where nothing can be asked.
    """
    deployment = find_deployment(name)
    since = time.time() - doctor_traffic.WINDOW_SECONDS
    checks: tuple[tuple[str, Check], ...] = (
        ("stack", _stack),
        ("concurrency", _concurrency),
        ("functions", _functions),
        ("trigger", _trigger),
        ("rule", doctor_buckets.rule),
        ("buckets", doctor_buckets.buckets),
        ("keys", doctor_keys.keys),
        ("network", doctor_network.network),
        ("queues", doctor_traffic.queues),
        ("throttles", partial(doctor_traffic.throttles, since=since)),
        ("alarms", doctor_traffic.alarms),
        ("log", partial(doctor_traffic.errors, since=since)),
    )
    for subject, check in checks:
        yield from _guarded(subject, check, deployment)


def _guarded(subject: str, check: Check, deployment: Deployment) -> Iterator[Finding]:
    """A question that AWS does not answer is a finding, and the others are asked all the same."""
    try:
        with translated():
            yield from check(deployment)
    except AccessDenied as error:
        yield Finding(subject, error.message, "Grant it: docs/operating.md lists what folio doctor asks for.")
    except StoreUnavailable as error:
        yield Finding(subject, error.message, "Ask again later.")


def _stack(deployment: Deployment) -> Iterator[Finding]:
    wrong = deployment.status not in _GOOD
    remedy = "See the stack's events in CloudFormation, and deploy again." if wrong else ""
    yield Finding("stack", f"The stack {deployment.name} is {deployment.status}.", remedy)


def _concurrency(deployment: Deployment) -> Iterator[Finding]:
    limit = deployment.client("lambda").get_account_settings()["AccountLimit"]
    all_, free = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]
    needed = deployment.max_concurrency + deployment.split_concurrency + _SPARE
    state = f"{all_} functions may run at once, {free} of them unreserved; this stack wants {needed}."
    remedy = (
        "Ask Service Quotas for more (AWS Lambda, Concurrent executions), or lower MaxConcurrency or split_concurrency."
        if free < needed
        else ""
    )
    yield Finding("concurrency", state, remedy)


def _functions(deployment: Deployment) -> Iterator[Finding]:
    client = deployment.client("lambda")
    for name in deployment.of_type("AWS::Lambda::Function"):
        configuration = client.get_function_configuration(FunctionName=name)
        layers = ", ".join(layer["Arn"].split(":layer:")[-1] for layer in configuration.get("Layers", []))
        state = f"{configuration['Runtime']}, layers {layers or 'none'}, changed {configuration['LastModified'][:19]}."
        yield Finding(f"function {name}", state)
        if configuration.get("LastUpdateStatus") == "Failed" or configuration.get("State") in ("Failed", "Inactive"):
            reason = configuration.get("LastUpdateStatusReasonCode") or configuration.get("StateReasonCode", "unknown")
            yield Finding(f"function {name}", f"It is not in order ({reason}).", "Deploy again.")
        if client.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions") == 0:
            yield Finding(f"function {name}", "It is switched off: 0 executions are reserved.", "Take that away.")


def _trigger(deployment: Deployment) -> Iterator[Finding]:
    arn = deployment.queue_arn(deployment.stack.queue)
    mappings = deployment.client("lambda").list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]
    states = {mapping["State"] for mapping in mappings}
    if not states:
        yield Finding("trigger", "No function takes uploads from the queue.", "Deploy again.")
    elif wrong := states - {"Enabled", "Enabling", "Creating", "Updating"}:
        yield Finding(
            "trigger",
            f"The queue's trigger is {', '.join(sorted(wrong))}: uploads wait.",
            "Enable it: Lambda, the upload function, Configuration, Triggers.",
        )
    else:
        yield Finding("trigger", "The upload function takes from the queue.")
