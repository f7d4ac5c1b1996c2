"""The house stays easy to walk: few modules at the root, short files, short functions, nothing written twice."""

import ast
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").exists())
CODE = (".py", ".js", ".css", ".html")
BUILT = ROOT / "functions" / "folio" / "web" / "built"  # put together by `make generate`
MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_SHARED_LINES = 300, 40, 9
MAX_ROOT_MODULES = 12


def sources(*folders: str, suffixes: tuple[str, ...] = CODE) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    files = [ROOT / name for name in listed if name.endswith(suffixes) and (ROOT / name).exists()]
    return [path for path in files if path.parent != BUILT]


def long_functions(source: str) -> list[tuple[str, int]]:
    functions = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    lengths = ((node.name, lines(node) - sum(map(lines, pages_in(node)))) for node in functions)
    return [(name, length) for name, length in lengths if length > MAX_FUNCTION_LINES]


def lines(node: ast.stmt | ast.expr) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def pages_in(function: ast.AST) -> Iterator[ast.expr]:
    """A page of text that is filled in is not code."""
    for node in ast.walk(function):
        if isinstance(node, ast.JoinedStr) and lines(node) > MAX_FUNCTION_LINES:
            yield node


def code_lines(source: str) -> Iterator[tuple[int, str]]:
    """Number and text of the lines that count: no blank ones, comments, imports, docstrings or lone brackets."""
    quoted = False
    for number, line in enumerate(source.splitlines(), 1):
        text = line.strip()
        starts = text.startswith('"""')
        if quoted or starts:
            closes = text.endswith('"""') and not (starts and not quoted and len(text) < 6)
            quoted = not closes
            continue
        if text.startswith(("#", "//", "import ", "from ")) or not any(char.isalnum() for char in text):
            continue
        yield number, text


def repeated(files: dict[str, str]) -> list[str]:
    """Places that share more lines in a row than are allowed, as `a.py:3 ~ b.py:9`."""
    places: dict[tuple[str, ...], list[str]] = defaultdict(list)
    window = MAX_SHARED_LINES + 1
    for name, source in files.items():
        lines = list(code_lines(source))
        for start in range(len(lines) - window + 1):
            run = tuple(text for _, text in lines[start : start + window])
            places[run].append(f"{name}:{lines[start][0]}")
    return [" ~ ".join(found) for found in places.values() if len(found) > 1]


def test_few_modules_lie_at_the_root() -> None:
    modules = sorted(path.name for path in (ROOT / "functions" / "folio").glob("*.py"))
    assert len(modules) <= MAX_ROOT_MODULES, modules


def test_no_file_is_too_long() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in sources("functions", "tests", "scripts")}
    assert {str(path): length for path, length in lengths.items() if length > MAX_FILE_LINES} == {}


def test_no_function_is_too_long() -> None:
    python = sources("functions", "tests", "scripts", suffixes=(".py",))
    found = {str(path): functions for path in python if (functions := long_functions(path.read_text()))}
    assert found == {}


def test_nothing_is_written_twice() -> None:
    assert repeated({str(path.relative_to(ROOT)): path.read_text() for path in sources("functions")}) == []


def test_a_planted_twin_and_a_planted_long_function_are_found() -> None:
    body = "\n".join(f"value_{number} = compute({number})" for number in range(MAX_SHARED_LINES + 1))
    twins = {"a.py": f"import os\n{body}", "b.py": f'"""About."""\n\n# Why.\n{body}\n'}
    assert repeated(twins) == ["a.py:2 ~ b.py:4"]
    function = "\n".join(["def long():", *(["    pass"] * MAX_FUNCTION_LINES)])
    assert long_functions(function) == [("long", MAX_FUNCTION_LINES + 1)]


@pytest.mark.parametrize(
    "source", ['"""One line."""', '"""Two\nlines."""', "# Why.", "import os", "from a import b", ")"]
)
def test_what_says_nothing_does_not_count_as_written_twice(source: str) -> None:
    assert list(code_lines(source)) == []
