"""Plant faults into the code, one at a time, and see whether the tests find them.

    python -m tests.benchmarks.faults draw --seed 7 --count 30 --out faults.json [--like OTHER_CHECKOUT]
    python -m tests.benchmarks.faults run faults.json --coverage .coverage --out found.json

`draw` chooses faults over all rooms by a seed: a dropped call, a turned condition, an off-by-one, a swapped pair of
coordinates, a lost argument, a lost retry. With `--like`, only such as can be planted in the other checkout too, so
that two test suites are asked for the same faults. `run` plants each into this checkout, runs the tests whose coverage
reaches the changed line, cheapest kind first, until one fails, and makes sure that this test passes without the fault.
The coverage must have been recorded with a context for each test: `make contexts`.
"""

import argparse
import ast
import json
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from coverage import CoverageData
from msgspec import Struct

ROOT = Path(__file__).parents[2]
FUNCTIONS = "functions"
PAIRS = {"x": "y", "left": "top", "right": "bottom", "width": "height", "row": "column", "first": "last"}
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
KINDS_OF_TESTS = ("tests/unit", "tests/contract", "tests/integration")
MAX_TESTS = 400  # of one fault; the cheapest kinds come first


class Fault(Struct, frozen=True):
    """`before` is a line of `function` in a file of a room, once there; `after` stands in its place."""

    kind: str
    room: str
    file: str
    function: str
    before: str
    after: str


class Finding(Struct, frozen=True):
    """`test` is the one that failed; None if none did of the `tests` whose coverage reaches the line."""

    fault: Fault
    tests: int
    test: str | None
    seconds: float


def room_of(file: str) -> str:
    parts = Path(file).with_suffix("").parts
    return parts[1] if parts[1] == "handlers" else "/".join(parts[1:3])


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    """Kind of fault, what is replaced, and by what."""
    match node:
        case ast.Expr(value=ast.Call()):
            yield "dropped call", node, ast.Pass()
        case ast.Continue():
            yield "lost retry", node, ast.Break()
        case ast.Compare(ops=[operator]) if type(operator) in TURNED:
            turned = ast.Compare(node.left, [TURNED[type(operator)]()], node.comparators)
            yield "turned condition", node, turned
        case ast.BinOp(op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)):
            yield "off by one", node, node.left
        case ast.Call(keywords=[*_, last]) if last.arg and last.arg not in ("key", "axis"):
            yield "lost argument", node, ast.Call(node.func, node.args, node.keywords[:-1])
        case ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second), *rest]) if PAIRS.get(first) == second:
            yield "swapped coordinates", node, ast.Tuple([node.elts[1], node.elts[0], *rest], node.ctx)


def faults_of(file: str, source: str) -> Iterator[Fault]:
    """All faults that fit on a line of its own, which stands in its function once."""
    lines = source.splitlines()
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        body = lines[function.lineno - 1 : function.end_lineno]
        for node in ast.walk(function):
            if getattr(node, "lineno", 0) != getattr(node, "end_lineno", -1):
                continue
            for kind, old, new in changes(node):
                before = lines[old.lineno - 1]  # type: ignore[attr-defined]
                text = ast.get_source_segment(source, old) or ""
                after = before.replace(text, ast.unparse(ast.fix_missing_locations(new)), 1)
                if text and body.count(before) == before.count(text) == 1 and is_python(source, before, after):
                    yield Fault(kind, room_of(file), file, function.name, before, after)


def is_python(source: str, before: str, after: str) -> bool:
    try:
        ast.parse(source.replace(f"\n{before}\n", f"\n{after}\n", 1))
    except SyntaxError:
        return False
    return after != before


def candidates(root: Path) -> dict[tuple[str, str, str, str], Fault]:
    """By file, function, line and what stands in its place."""
    paths = sorted((root / FUNCTIONS).rglob("*.py"))
    found = (fault for path in paths for fault in faults_of(str(path.relative_to(root)), path.read_text()))
    return {(fault.file, fault.function, fault.before, fault.after): fault for fault in found}


def draw(seed: int, count: int, like: Path | None) -> list[Fault]:
    """Room after room, in an order that the seed decides, and within a room kind after kind."""
    known = candidates(ROOT)
    if like:
        others = candidates(like)
        known = {key: fault for key, fault in known.items() if key in others}
    by_room: dict[str, list[Fault]] = defaultdict(list)
    for fault in known.values():
        by_room[fault.room].append(fault)
    chance = random.Random(seed)
    rooms = sorted(by_room)
    chance.shuffle(rooms)
    drawn: list[Fault] = []
    kinds: dict[str, int] = defaultdict(int)
    while len(drawn) < count and any(by_room.values()):
        for room in rooms:
            if not by_room[room] or len(drawn) == count:
                continue
            rarest = min(kinds[fault.kind] for fault in by_room[room])
            fault = chance.choice([fault for fault in by_room[room] if kinds[fault.kind] == rarest])
            by_room[room].remove(fault)
            kinds[fault.kind] += 1
            drawn.append(fault)
    return drawn


def line_of_fault(fault: Fault, source: str) -> int:
    """Number of the line; raises ValueError if it is not there."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef) and function.name == fault.function:
            for number in range(function.lineno, (function.end_lineno or function.lineno) + 1):
                if source.splitlines()[number - 1] == fault.before:
                    return number
    raise ValueError(fault.before)


def reaching(data: CoverageData, fault: Fault, line: int) -> list[str]:
    """The tests that run a line, in this process or in one they start, the cheapest kinds first."""
    contexts = data.contexts_by_lineno(str(ROOT / fault.file)).get(line, [])
    tests = {_test_of(context) for context in contexts if "::" in context}
    return sorted(tests, key=lambda test: (_kind_of_test(test), test))[:MAX_TESTS]


def _test_of(context: str) -> str:
    """pytest-cov writes `test|run`, `contexts` writes `sub|test` for processes that a test starts."""
    return context.removeprefix("sub|") if context.startswith("sub|") else context.rsplit("|", 1)[0]


def _kind_of_test(test: str) -> int:
    return next((rank for rank, folder in enumerate(KINDS_OF_TESTS) if test.startswith(folder)), len(KINDS_OF_TESTS))


def pytest(tests: list[str], seconds: float) -> str | None:
    """The first test that fails; a run that takes longer than it may has failed in its last test."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "-p", "no:cacheprovider", "--timeout", "120", *tests]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return "(hangs)"
    if done.returncode == 0:
        return None
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    failed = [line.split(" - ")[0].split(" ", 1)[1] for line in lines]
    return failed[0] if failed else f"(exit {done.returncode})"


def look_for(fault: Fault, data: CoverageData) -> Finding:
    """Plant it, run the tests, take it out again."""
    path = ROOT / fault.file
    source = path.read_text()
    line = line_of_fault(fault, source)
    tests = reaching(data, fault, line)
    started = time.monotonic()
    failed = None
    lines = source.splitlines(keepends=True)
    lines[line - 1] = fault.after + "\n"
    try:
        path.write_text("".join(lines))
        for rank in range(len(KINDS_OF_TESTS)):
            chosen = [test for test in tests if _kind_of_test(test) == rank]
            failed = pytest(chosen, 900) if chosen else None
            if failed:
                break
    finally:
        path.write_text(source)
    if failed and failed.startswith("tests/") and pytest([failed], 300):
        failed = f"(fails without the fault too: {failed})"
    return Finding(fault, len(tests), failed, round(time.monotonic() - started, 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("--seed", type=int, default=7)
    drawing.add_argument("--count", type=int, default=30)
    drawing.add_argument("--like", type=Path)
    drawing.add_argument("--out", type=Path, required=True)
    running = commands.add_parser("run")
    running.add_argument("faults", type=Path)
    running.add_argument("--coverage", default=".coverage")
    running.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.command == "draw":
        write(arguments.out, draw(arguments.seed, arguments.count, arguments.like))
        return
    data = CoverageData(arguments.coverage)
    data.read()
    findings: list[Finding] = []
    for fault in msgspec.json.decode(arguments.faults.read_bytes(), type=list[Fault]):
        findings.append(look_for(fault, data))
        last = findings[-1]
        cost = f"{last.tests:>5} tests {last.seconds:>6} s"
        print(f"{fault.room:<22}{fault.kind:<21}{cost}  {last.test or 'NOT FOUND'}", flush=True)
        write(arguments.out, findings)


def write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(msgspec.to_builtins(value), indent=1) + "\n")


if __name__ == "__main__":
    main()
