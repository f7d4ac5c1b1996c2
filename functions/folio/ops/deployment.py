"""A stack with what it consists of, for those who look after it."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from folio.ops.stack import Stack, find_stack, parameters_of, settings_of, translated

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

_CONCURRENCY = {"MaxConcurrency": 5, "split_concurrency": 4}  # where a stack does not say


class Deployment:
    """A deployed stack: its parameters, outputs and resources, and clients to ask about them."""

    def __init__(self, stack: Stack, description: "StackTypeDef") -> None:
        self.stack = stack
        self.name = description["StackName"]
        self.status = description["StackStatus"]
        self.parameters = parameters_of(description)
        self.outputs = {each["OutputKey"]: each["OutputValue"] for each in description.get("Outputs", [])}
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        import boto3

        if service not in self._clients:
            self._clients[service] = boto3.client(service)  # type: ignore[call-overload] # any service's
        return self._clients[service]

    @cached_property
    def resources(self) -> dict[str, tuple[str, str]]:
        """Type and physical name of each resource, by its name in the template."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.name)
        matches = [each for page in pages for each in page["StackResourceSummaries"]]
        return {
            each["LogicalResourceId"]: (each["ResourceType"], each.get("PhysicalResourceId", "")) for each in matches
        }

    def of_type(self, kind: str) -> list[str]:
        """Return the physical names of the resources of a type."""
        return sorted(name for of, name in self.resources.values() if of == kind)

    def queue_arn(self, url: str) -> str:
        payload = self.stack.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return payload["Attributes"]["QueueArn"]

    @property
    def max_concurrency(self) -> int:
        return int(self.parameters.get("MaxConcurrency") or _CONCURRENCY["MaxConcurrency"])

    @property
    def split_concurrency(self) -> int:
        return int(settings_of(self.parameters).get("split_concurrency") or _CONCURRENCY["split_concurrency"])


def find_deployment(name: str) -> Deployment:
    """Raises what `find_stack` does."""
    import boto3

    stack = find_stack(name)
    with translated():
        (description,) = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return Deployment(stack, description)
