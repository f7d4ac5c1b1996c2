import inspect
import re

import pytest

from folio import errors
from folio.errors import FolioError, Unavailable

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, FolioError)]


def drawn() -> list[tuple[int, str]]:
    """Depth and name of each line of the drawing; a branch is four characters wide."""
    lines = (re.match(r"^( {4}[│├└─ ]*)([A-Z]\w+)", line) for line in (errors.__doc__ or "").splitlines())
    return [(len(line[1]) // 4 - 1, line[2]) for line in lines if line]


def real(kind: type[FolioError] = FolioError, depth: int = 0) -> list[tuple[int, str]]:
    # Python keeps subclasses in the order they were defined.
    below = [entry for child in kind.__subclasses__() if child in CLASSES for entry in real(child, depth + 1)]
    return [(depth, kind.__name__), *below]


def parents(tree: list[tuple[int, str]]) -> dict[str, tuple[str, ...]]:
    """Name -> the names above it."""
    above: list[str] = []
    found = {}
    for depth, name in tree:
        above = above[:depth]
        found[name] = tuple(above)
        above.append(name)
    return found


def test_the_tree_is_as_it_is_drawn() -> None:
    assert parents(drawn()) == parents(real())


def test_the_tree_holds_every_error_once() -> None:
    assert sorted(name for _, name in real()) == sorted(kind.__name__ for kind in CLASSES)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_says_what_the_doors_need(kind: type[FolioError]) -> None:
    assert re.fullmatch(r"[A-Z].+\.", kind.hint, re.DOTALL)
    assert "\n" not in kind.hint
    assert 400 <= kind.http_status <= 599
    assert 1 < kind.exit_code < 126  # 1 is "several reasons", from 126 on shells speak


@pytest.mark.parametrize("kind", CLASSES)
def test_exactly_what_may_pass_is_retryable(kind: type[FolioError]) -> None:
    assert kind.retryable is issubclass(kind, Unavailable)


def test_the_message_is_what_was_raised() -> None:
    assert errors.TooLarge("Nine pages.").message == "Nine pages."
