"""What `folio doctor` looks at in a network of one's own: whether functions in subnets reach the services they call."""

from collections.abc import Iterator
from typing import Any

from folio.ops.deployment import Deployment
from folio.ops.findings import Finding

_DEPLOYING = "docs/deploying.md, “Your own network”"
_SERVICES = ("s3", "sqs", "states", "events")
_INTERNET = "0.0.0.0/0"
_WAYS_OUT = ("NatGatewayId", "TransitGatewayId", "InstanceId", "NetworkInterfaceId", "VpcPeeringConnectionId")


def network(deployment: Deployment) -> Iterator[Finding]:
    """Yield whether the subnets of the functions have the endpoints, or the way to the internet, that they need."""
    for subnets in sorted(_placements(deployment)):
        yield from _examine(deployment, subnets)


def _placements(deployment: Deployment) -> set[tuple[str, ...]]:
    """Return the sets of subnets that functions of the stack are in."""
    client = deployment.client("lambda")
    configurations = [
        client.get_function_configuration(FunctionName=name) for name in deployment.of_type("AWS::Lambda::Function")
    ]
    placed = (configuration.get("VpcConfig", {}).get("SubnetIds") or () for configuration in configurations)
    return {tuple(sorted(subnets)) for subnets in placed if subnets}


def _examine(deployment: Deployment, subnets: tuple[str, ...]) -> Iterator[Finding]:
    ec2 = deployment.client("ec2")
    vpc = ec2.describe_subnets(SubnetIds=list(subnets))["Subnets"][0]["VpcId"]
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    pages = ec2.get_paginator("describe_route_tables").paginate(Filters=filters)
    tables = [table for page in pages for table in page["RouteTables"]]
    pages = ec2.get_paginator("describe_vpc_endpoints").paginate(Filters=filters)
    endpoints = [endpoint for page in pages for endpoint in page["VpcEndpoints"]]
    routes = {subnet: _table(subnet, tables) for subnet in subnets}
    closed = [subnet for subnet in subnets if not _leads_out(routes[subnet])]
    where = f"network {vpc}"
    missing = [
        service
        for service in (*_SERVICES, *_secrets(deployment))
        if any(not _is_reached(service, routes[subnet], endpoints) for subnet in closed)
    ]
    if missing:
        yield Finding(
            where,
            f"Functions in {', '.join(closed)} do not reach {', '.join(missing)}: there is no endpoint, or not for all"
            " of these subnets, and no way to the internet.",
            f"Add what is missing: {_DEPLOYING}.",
        )
    else:
        yield Finding(where, f"Functions in {', '.join(subnets)} reach the services they call.")
    if closed and deployment.parameters.get("Credentials"):
        yield Finding(
            where,
            f"Paid providers are not reached from {', '.join(closed)}: there is no way to the internet.",
            "Give these subnets a route to a NAT gateway, or take Credentials away.",
        )


def _secrets(deployment: Deployment) -> tuple[str, ...]:
    """Return the service that keeps the paid providers' keys."""
    service = deployment.parameters.get("Credentials", "").split(":")[2:3]
    return tuple(service)


def _table(subnet: str, tables: list[Any]) -> Any:
    """Return the table of routes of a subnet: its own, or the network's main one."""
    for table in tables:
        if any(association.get("SubnetId") == subnet for association in table["Associations"]):
            return table
    return next((table for table in tables if any(one.get("Main") for one in table["Associations"])), {})


def _leads_out(table: Any) -> bool:
    """A route to an internet gateway is none for functions: they have no public address."""
    return any(
        route.get("DestinationCidrBlock") == _INTERNET
        and route.get("State") != "blackhole"
        and any(route.get(way) for way in _WAYS_OUT)
        for route in table.get("Routes", [])
    )


def _is_reached(service: str, table: Any, endpoints: list[Any]) -> bool:
    for endpoint in endpoints:
        if endpoint["ServiceName"].rpartition(".")[2] != service or endpoint.get("State", "").lower() != "available":
            continue
        if endpoint.get("VpcEndpointType", "Gateway") == "Gateway":
            if table.get("RouteTableId") in endpoint["RouteTableIds"]:
                return True
        elif endpoint.get("PrivateDnsEnabled"):  # else the service's name leads to the internet all the same
            return True
    return False
