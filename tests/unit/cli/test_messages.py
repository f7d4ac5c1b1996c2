"""Everything that the command line says has a Chinese text, with the same places for what is put in."""

import ast
import inspect
import re
import string
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from folio import errors
from folio.cli import messages
from folio.cli.main import cli
from folio.network import Unreachable
from folio.options.table import options

FOLIO = Path(errors.__file__).parent
# What the command line does not raise: errors of calls by programs and agents, of programs that import Folio, and
# of measuring.
ELSEWHERE = (
    "api/", "bench/", "jobs/", "review/", "serve/gateway.py", "serve/job_events.py", "network/api_calls.py",
    "library/client.py", "serve/agents/", "longdocs/workflow.py",
)  # fmt: skip
NAMES = {name for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.FolioError)}
TABLES = {name: messages._table(name) for name in messages._TABLES}
# Where warnings of results are made, and findings about a stack; and what of their sentences nobody is shown.
WARNING = ("documents", "outputs", "providers/cloud", "providers/tesseract", "reading", "textlayer")
FINDING = ("ops",)
UNSEEN = {
    "The image could not be written.",
    "Nobody reads long documents here.",
    "{} It is not asked again before {}.",  # passed over in a chain
    "more than {} pages would have to be drawn as pictures; split the document.",  # with what was not made before it
    "Some of what is written on this page is not in its text layer, and could not be read:",  # with the error behind it
}


def template(node: ast.expr) -> str | None:
    """A text in the code with {} for what is put in; None for what is no text here."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def calls(folder: Path) -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(FOLIO).as_posix()
        yield from ((name, node) for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))


def raised() -> set[str]:
    """The sentences of errors that the command line may show."""
    return {
        text
        for name, call in calls(FOLIO)
        if not name.startswith(ELSEWHERE)
        and isinstance(call.func, ast.Name)
        and call.func.id in {*NAMES, "Unreachable"}
        for text in [template(call.args[0]) if call.args else None]
        if text and text.strip("{} ")
    }


def sentences(rooms: tuple[str, ...]) -> set[str]:
    """The sentences in some rooms that no error is raised with."""

    def below(node: ast.AST) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            is_error = isinstance(child, ast.Call) and ast.unparse(child.func) in NAMES
            text = template(child) if isinstance(child, ast.Constant | ast.JoinedStr) else None
            if text is not None:
                yield text
            elif not docstring and not is_error:
                yield from below(child)

    paths = [path for room in rooms for path in sorted((FOLIO / room).rglob("*.py"))]
    found = {text for path in paths for text in below(ast.parse(path.read_text("utf-8")))}
    whole = {text for text in found if re.search(r"[a-z]{3}", text) and text.strip().endswith((".", ":"))}
    return {text for text in whole if len(text.split()) >= 4} - UNSEEN


def said() -> set[str]:
    """What goes through `tr`."""
    found = {
        text
        for _, call in calls(FOLIO / "cli")
        if isinstance(call.func, ast.Name) and call.func.id == "tr"
        for text in [template(call.args[0])]
        if text
    }
    return {text for text in found if "{}" not in text}


@pytest.mark.parametrize("text", sorted(raised()))
def test_each_error_has_a_chinese_sentence(text: str) -> None:
    assert text in TABLES["sentences"], "add it to functions/folio/cli/zh-CN.toml"


@pytest.mark.parametrize("text", sorted(sentences(WARNING) | sentences(FINDING)))
def test_each_warning_and_each_finding_has_a_chinese_sentence(text: str) -> None:
    assert text in messages._all(), "add it to functions/folio/cli/zh-CN.toml"


@pytest.mark.parametrize("text", sorted(said()))
def test_each_message_has_a_chinese_one(text: str) -> None:
    assert text in TABLES["messages"], "add it to functions/folio/cli/zh-CN.toml"


def test_each_hint_has_a_chinese_one() -> None:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.FolioError)]
    api_alone = {
        "BadRequest", "BodyTooLarge", "IdempotencyKeyReused", "NotFound", "MethodNotAllowed", "Unauthorized", "Stalled",
        "RequestTimeout", "NotConditional", "ReviewChanged", "StillRunning", "Superseded",
    }  # fmt: skip
    hints = {messages.desk_hint(kind("")) for kind in [*kinds, Unreachable] if kind.__name__ not in api_alone}
    assert hints <= TABLES["hints"].keys()


def test_each_text_of_help_has_a_chinese_one() -> None:
    context = click.Context(cli, info_name="folio")
    texts = set(paragraphs(cli.help or ""))
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command
        texts |= set(paragraphs(command.help or ""))
        own = [one for one in command.params if isinstance(one, click.Option) and one.name not in options()]
        texts |= {one.help for one in own if one.help}
    missing = {text for text in texts if chinese(text) == text}
    assert not missing


def paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.strip().split("\n\n")]


def chinese(text: str, monkeypatch: pytest.MonkeyPatch | None = None) -> str:
    known = TABLES["help"].get(text)
    if known:
        return known
    return next((other for pattern, other in messages._patterns() if pattern.fullmatch(text)), text)


@pytest.mark.parametrize("name", TABLES)
def test_both_languages_have_the_same_places(name: str) -> None:
    for english, other in TABLES[name].items():
        if "{" not in english:
            assert "{" not in other
            continue
        ours = [field for _, field, _, _ in string.Formatter().parse(english) if field is not None]
        theirs = [field for _, field, _, _ in string.Formatter().parse(other) if field is not None]
        if any(field.isdecimal() for field in theirs):  # in another order
            assert all(field.isdecimal() and int(field) < len(ours) for field in theirs), english
        else:
            assert sorted(theirs) == sorted(ours), english
        assert re.search(r"[\u4e00-\u9fff]", other), english


def test_nothing_is_printed_past_the_table() -> None:
    """Of `console.out` and `console.err` no argument has words of its own."""
    for name, call in calls(FOLIO / "cli"):
        if not ast.unparse(call.func).startswith("console.") or not call.args:
            continue
        text = template(call.args[0]) or ""
        words = re.findall(r"[A-Za-z]{3,}", text.removeprefix("folio: "))
        assert not words, f"{name}: {text!r}"


@pytest.mark.parametrize(
    ("english", "other"),
    [
        ("outputs='pfd' is not known; did you mean pdf? Or join some of text, pdf by commas.",
         "outputs='pfd' 不认识；是不是 pdf？或者请用逗号连接 text, pdf 中的几个。"),
        ("There is no file or folder 'x.pdf'.", "没有文件或文件夹 'x.pdf'。"),
        ("There is no object 'a' in bucket 'b'.", "存储桶 'b' 里没有对象 'a'。"),
        ("None of this is known.", "None of this is known."),
        ("Page 3: Drawn at 150 dpi instead of 300 to stay within 36000000 pixels.",
         "第 3 页：为了不超过 36000000 像素，按 150 dpi 而不是 300 dpi 绘制。"),
        ("No searchable PDF was made: the document is damaged; print it into a new PDF and read that.",
         "没有生成可搜索的 PDF：文档已损坏；请打印成新的 PDF 再识别。"),
    ],
)  # fmt: skip
def test_sentences_are_known_by_their_form(english: str, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "is_chinese", lambda: True)
    assert messages.sentence(english) == other


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_TW.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_US.UTF-8"}, True),
        ({}, False),
    ],
)
def test_the_locale_decides(variables: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, variables.get(name, ""))
    messages.is_chinese.cache_clear()
    assert messages.is_chinese() is expected
    messages.is_chinese.cache_clear()
