"""Identifiers are the field's words: those of our own that once stood in the code do not come back.

A word is looked for where it is given as a name: to a class, function, parameter, variable, field or import.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").exists())
FOLDERS = ("functions", "scripts")

# A word of ours -> what the field says.
WORDS = {
    "Call": "HttpRequest", "Answer": "HttpResponse", "Ask": "DocumentRequest", "Wish": "ReadOptions",
    "Wanted": "ServeConfig", "Tools": "Services", "Again": "SecondPass", "Work": "PageCall",
    "ask": "document_request", "wish": "options", "wanted": "requested", "tools": "services", "again": "second_pass",
    "work": "call",
    "mark": "fingerprint", "place": "index, offset, folder or location", "places": "indexes or locations",
    "told": "payload or message", "said": "message", "found": "matches", "there": "existing", "given": "requested",
    "kept": "saved", "own": "what is owned", "more": "what there is more of", "left": "remaining",
    "letters": "characters, glyphs or components", "Letter": "DeadLetter",
    "sureness": "confidence_of", "surer": "higher", "_surer": "higher", "sayable": "is_acceptable",
    "_sayable": "is_acceptable", "SAYABLE": "MIN_CONFIDENCE", "SURER": "MIN_GAIN",
    "afford": "check_budget", "_affordable": "within_budget", "pardon": "retry_crashed",
    "doubting": "marking_in_progress", "rescue": "flush_on_failure", "share": "hand_over", "tidy": "remove_stale",
    "settle": "resolve_conflict", "_settle": "resolve_conflict", "withdraw": "rollback", "_withdraw": "rollback",
    "untold": "delta",
    "fit": "encode_tiles", "halve": "split_tile", "refit": "shrink_tile", "Piece": "Tile", "piece": "tile",
    "pieces": "tiles", "Part": "LineGroup",
    "Fault": "ErrorKind", "Treatment": "RetryPolicy", "TREATMENT": "RETRY_POLICY", "BUSINESS": "REJECTED",
    "look_again": "second_pass", "see": "recognize_crop", "most": "budget", "overlooked": "find_missed_text",
    "Overlooked": "MissedText",
    "normalize_dpi": "normalize_text_height", "lighten_fields": "invert_dark_regions",
    "fill_holes": "remove_punch_holes", "whiten_frame": "remove_border", "flatten": "flatten_shading",
    "even_light": "normalize_illumination", "straighten_sheet": "rectify_perspective",
    "moved": "transform_text", "own_part": "clip_text", "line_of": "join_words",
    "Layers": "TextLayers", "seen": "visible_words", "fault": "reason_untrustworthy or error kind",
    "NotAllowed": "MethodNotAllowed", "KeyReused": "IdempotencyKeyReused", "CallsSpent": "CallBudgetExceeded",
    "LockedDocument": "PasswordProtected", "SlowRequest": "RequestTimeout", "WrongDocument": "DocumentTypeMismatch",
    "passed_over": "skipped_providers", "PassedOver": "SkippedProvider", "second_look": "second_pass",
    "_LOOK": "the quantity and its unit", "_MOST": "the quantity and its unit", "_FEW": "the quantity and its unit",
    "_LEAST": "the quantity and its unit", "_LARGE": "the quantity and its unit",
    "_AGAIN": "the quantity and its unit",
}  # fmt: skip
# Where a word means something else: module and word, with the reason beside it.
EXCEPTIONS = {
    ("folio.api.multipart", "Part"),  # RFC 7578 calls it so
    ("folio.structure.fields.lists", "Part"),  # of a row of a form: a question or an answer
}
# A side of a box stands among the others.
SIDES = {"top", "right", "bottom", "x0", "y0", "width"}


def names(node: ast.AST) -> Iterator[str]:
    """What a node gives as a name."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.arg(arg=name):
            yield name
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
            yield name
        case ast.TypeAlias(name=ast.Name(id=name)):
            yield name


def scopes(tree: ast.Module) -> Iterator[list[ast.AST]]:
    """The nodes of each function, class or module without those of the functions and classes in it."""
    pending: list[ast.AST] = [tree]
    while pending:
        scope = pending.pop()
        nodes, queue = [scope], list(ast.iter_child_nodes(scope))
        while queue:
            node = queue.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                pending.append(node)
            else:
                nodes.append(node)
                queue += ast.iter_child_nodes(node)
        yield nodes


def findings(source: str, module: str) -> list[str]:
    result = []
    for nodes in scopes(ast.parse(source)):
        here = {name for node in nodes for name in names(node)}
        for name in sorted(here & WORDS.keys()):
            if (name == "left" and here & SIDES) or (module, name) in EXCEPTIONS:
                continue
            scope = getattr(nodes[0], "name", "module")
            result.append(f"{module} ({scope}): {name}; say {WORDS[name]}")
    return result


def modules() -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT / folder).with_suffix("").parts), path


def test_identifiers_are_the_words_of_the_field() -> None:
    assert [line for module, path in modules() for line in findings(path.read_text(), module)] == []


def test_every_exception_is_met() -> None:
    met = {
        (module, name)
        for module, path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        for name in names(node)
    }
    assert met >= EXCEPTIONS


@pytest.mark.parametrize(
    "source",
    [
        "def f(told): ...",
        "class Wish: ...",
        "def afford(): ...",
        "found = 1",
        "def f():\n    left = 3",
        "class A:\n    mark: str",
        "from a import b as own",
        "for place in range(3): ...",
        "def f(self):\n    self.kept = 1",
    ],
)
def test_a_planted_word_is_found(source: str) -> None:
    assert findings(source, "folio.planted") != []


@pytest.mark.parametrize("source", ["left, top, right, bottom = box", "values.flatten()", "def f(top, left): ..."])
def test_the_same_word_of_another_meaning_is_let_through(source: str) -> None:
    assert findings(source, "folio.planted") == []
