"""Factors that fit equations best, where some of these are wrong: they count less and less."""

from collections.abc import Sequence
from math import sumprod

_ROUNDS = 3


def robust_fit(
    rows: Sequence[Sequence[float]], values: Sequence[float], ridges: Sequence[float], limit: float
) -> list[float]:
    """Return the factors with which the rows' sums are nearest to the values.

    A row whose sum stays more than `limit` away counts less in the next round. `ridges` are, for each factor, the price
    of its square as a share of the number of rows: above 0, so that there is one solution.
    """
    weights = [1.0] * len(rows)
    factors: list[float] = []
    for _ in range(_ROUNDS):
        factors = _least_squares(rows, values, weights, ridges)
        rest = [abs(sumprod(row, factors) - value) for row, value in zip(rows, values, strict=True)]
        weights = [1 / max(1.0, one / limit) for one in rest]
    return factors


def root_mean_square(values: Sequence[float]) -> float:
    return (sumprod(values, values) / len(values)) ** 0.5 if values else 0.0


def _least_squares(
    rows: Sequence[Sequence[float]], values: Sequence[float], weights: Sequence[float], ridges: Sequence[float]
) -> list[float]:
    size = len(rows[0])
    columns = [*zip(*rows, strict=True), tuple(values)]
    matrix = [[0.0] * (size + 1) for _ in range(size)]
    for index in range(size):
        weighted = tuple(map(float.__mul__, weights, columns[index]))
        for other in range(index, size + 1):
            matrix[index][other] = sumprod(weighted, columns[other])
        for other in range(index):
            matrix[index][other] = matrix[other][index]
    for index, ridge in enumerate(ridges):
        matrix[index][index] += ridge * len(rows)
    return _solved(matrix)


def _solved(matrix: list[list[float]]) -> list[float]:
    """Return the solution of equations, a row each with its right side last; their matrix is positive definite."""
    size = len(matrix)
    for index in range(size):
        pivot = matrix[index][index]
        matrix[index] = [one / pivot for one in matrix[index]]
        for other in range(size):
            if other != index and (factor := matrix[other][index]):
                matrix[other] = [b - factor * a for a, b in zip(matrix[index], matrix[other], strict=True)]
    return [row[size] for row in matrix]
