"""What CloudWatch would make of the lines a function writes, by its embedded metric format.

Source: Amazon CloudWatch user guide, "Specification: Embedded metric format".
"""

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct


class Point(Struct, frozen=True):
    """One value of one metric."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]
    value: float
    unit: str


def points(output: str) -> list[Point]:
    """The values in what a function wrote, which must be metrics and nothing else."""
    return [point for told in _objects(output) for point in _points(told)]


def _objects(output: str) -> Iterator[dict[str, Any]]:
    """Threads that write at once may part a line from its end."""
    decoder, rest = json.JSONDecoder(), output.strip()
    while rest:
        told, end = decoder.raw_decode(rest)
        yield told
        rest = rest[end:].lstrip()


def _points(told: dict[str, Any]) -> Iterator[Point]:
    for directive in told["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = frozenset((name, told[name]) for name in names)
            for metric in directive["Metrics"]:
                values = told[metric["Name"]]
                for value in values if isinstance(values, list) else [values]:
                    yield Point(directive["Namespace"], metric["Name"], dimensions, value, metric["Unit"])


def total(found: list[Point], name: str, **dimensions: str) -> float:
    """The sum of a metric over all values that have these dimensions, whatever else they have.

    A value that is written under several sets of dimensions counts for each of them.
    """
    wanted = set(dimensions.items())
    return sum(point.value for point in found if point.name == name and wanted <= point.dimensions)
