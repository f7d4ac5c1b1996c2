"""The page GET / as it lies in the package: whole, in two languages, and with nothing its security policy forbids."""

import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from scripts.web_bundle import STYLES, bundled, module

import folio
from folio.api.context import ApiContext
from folio.api.http import HttpRequest, HttpResponse
from folio.api.site import get_asset, get_site
from folio.errors import FolioError, NotFound, Refused
from folio.options.table import options, values
from folio.problems import problem_of
from tests.unit.api.test_jobs import MemoryBucket

PAGE = Path(folio.__file__).parent / "web"
BUILT = PAGE / "built"  # what the page loads, made of the others
FILES = sorted(path for path in PAGE.iterdir() if path != BUILT)
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
MESSAGES = {
    name: json.loads(re.sub(r"^export default |;\n$", "", (PAGE / name).read_text())) for name in ("en.js", "zh.js")
}
NAMESPACE = "http://www.w3.org/2000/svg"  # a name, which is never fetched
# Keys that are put together of this and the name of a choice.
CHOSEN = ("provider.", "check.", "mode.", "languages.", "output.", "option.", "value.")


class Elements(HTMLParser):
    """All elements of index.html with their attributes, and the text in scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str]]] = []
        self.inline: list[str] = []
        self.feed((PAGE / "index.html").read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in ("script", "style") and data.strip():  # Python 3.14 counts a title too
            self.inline.append(data)

    def values(self, *names: str) -> list[str]:
        return [attributes[name] for _, attributes in self.all for name in names if name in attributes]


HTML = Elements()
NOBODY: Any = None  # nothing here reads
SITE = ApiContext(
    bucket=MemoryBucket(),
    services=NOBODY,
    services_on=lambda _: NOBODY,
    services_between=lambda *_: NOBODY,
    on_outcome=lambda _: None,
)


def source(*paths: Path) -> str:
    return "\n".join(path.read_text() for path in paths)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    text = path.read_text().replace(NAMESPACE, "")
    assert re.findall(r"""\w+://|["'(=]//|@import|url\(""", text) == []
    assert len(text.splitlines()) < 300


def test_all_addresses_are_relative_and_all_files_are_used() -> None:
    linked = [address for address in HTML.values("src", "href", "action") if not address.startswith("#")]
    linked.remove("docs")  # the reference, which is a page of its own
    assert [address for address in linked if not re.fullmatch(r"assets/[a-z]+\.(js|css|svg)", address)] == []
    imported = re.findall(r'from "\./([a-z]+\.js)"', source(*SCRIPTS))
    used = (
        {address.removeprefix("assets/") for address in linked} | set(imported) | {"index.html", *STYLES, "docs.css"}
    )  # that one is the reference's
    assert used == {path.name for path in FILES}
    assert set(linked) == {"assets/app.css", "assets/app.js", "assets/icon.svg"}, "each is a call of a function"
    requests = re.findall(r"""["'`](/?v1/)""", source(*SCRIPTS))
    assert requests != []
    assert set(requests) == {"v1/"}


def asset(name: str) -> HttpResponse:
    return get_asset(HttpRequest(path=f"/assets/{name}", values={"name": name}))


def test_the_page_loads_three_files_that_a_browser_keeps_for_a_year() -> None:
    answer = get_site(HttpRequest(path="/", at="/prod/"), SITE)
    assert "Cache-Control" not in answer.headers, "the gateway then says no-store"
    names = re.findall(r'"assets/([^"]+)"', answer.body.decode())
    assert len(set(names)) == 3
    for name in names:
        assert re.fullmatch(r"(app|icon)-[0-9a-f]{16}\.(js|css|svg)", name)
        given = asset(name)
        assert given.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        digest = hashlib.sha256(given.body).hexdigest()[:16]
        assert digest in name, "with another content it has another name"


def test_a_name_of_before_an_update_gives_what_is_there_and_is_not_kept() -> None:
    for name in ("app.js", f"app-{'0' * 16}.js"):
        given = asset(name)
        assert (given.body, given.headers["Cache-Control"]) == ((BUILT / "app.js").read_bytes(), "no-cache")


@pytest.mark.parametrize("name", ["index.html", "viewer.css", "api.js", "..", "app", "app-1.js", "built", ""])
def test_nothing_else_is_given(name: str) -> None:
    with pytest.raises(NotFound):
        asset(name)


def test_the_script_has_each_module_once_before_those_that_use_it() -> None:
    script = bundled()[BUILT / "app.js"]
    order = re.findall(r"^const \$(\w+) = \(\(\) => \{$", script, re.MULTILINE)
    assert sorted(order) == sorted(path.stem for path in SCRIPTS)
    for place, name in enumerate(order):
        imported = re.findall(r'from "\./([a-z]+)\.js"', source(PAGE / f"{name}.js"))
        assert set(imported) <= set(order[:place]), name
    assert re.findall(r"^(?:import|export)\b", script, re.MULTILINE) == []


@pytest.mark.parametrize(
    "line", ['import "./a.js";', 'import * as a from "./a.js";', "export { a };", 'import("./a.js");']
)
def test_what_the_bundler_does_not_know_it_refuses(line: str) -> None:
    with pytest.raises(ValueError, match=r"is not known"):
        module("a", f"{line}\n")


def test_nothing_is_inline() -> None:
    assert HTML.inline == []
    assert [
        tag for tag, attributes in HTML.all if tag == "style" or (tag == "script" and "src" not in attributes)
    ] == []
    names = [name for _, attributes in HTML.all for name in attributes]
    assert [name for name in names if name == "style" or name.startswith("on")] == []


def test_no_script_makes_code_or_markup_of_a_string() -> None:
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setAttribute\(.style"
    assert re.findall(rf"{markup}|\beval\b|new Function|javascript:", source(*SCRIPTS)) == []


def test_the_key_is_kept_in_the_session_only() -> None:
    assert re.findall(r"indexedDB|document\.cookie|caches\.", source(*SCRIPTS)) == []
    # What stays: addresses and names of jobs, and how a reviewer calls themselves.
    assert {path.name for path in SCRIPTS if "localStorage" in path.read_text()} == {"past.js", "corrections.js"}


def test_both_languages_say_the_same_things() -> None:
    english, chinese = MESSAGES.values()
    assert {key for key in english if not key.endswith(".one")} == set(chinese)  # Chinese has no singular
    for key, message in chinese.items():
        assert sorted(re.findall(r"\{\w+\}", message)) == sorted(re.findall(r"\{\w+\}", english[key])), key


def test_every_message_is_there_and_is_used() -> None:
    messages = {re.sub(r"\.(one|other)$", "", key) for key in MESSAGES["en.js"] if not key.startswith(CHOSEN)}
    stories = source(*(path for path in SCRIPTS if path.name not in MESSAGES))
    keys = set(HTML.values("data-text", "data-label", "data-alt"))
    keys |= set(re.findall(r'"([a-z_]+(?:\.[a-z_]+)+)"', stories))
    keys = {key for key in keys if not key.startswith(("folio.", *CHOSEN))}  # folio.: names in the session's storage
    assert keys <= messages
    assert messages - keys - {f"{key}.hint" for key in keys} == {"language"}


def sections(generated: str) -> tuple[str, str]:
    """The English messages and the Chinese ones."""
    english, chinese = re.findall(
        r"^export const (?:ENGLISH|CHINESE) = \{(.*?)^\}", generated, re.MULTILINE | re.DOTALL
    )
    return english, chinese


def test_built_keys_name_every_choice() -> None:
    generated = source(PAGE / "choices.js")
    wanted = [f"provider.{name}" for name in values("providers")] + [f"mode.{name}" for name in values("mode")]
    wanted += [f"output.{name}" for name in values("outputs")]
    own = ("providers", "mode", "languages", "outputs")
    wanted += [f"option.{name}" for name in options() if name not in own]
    wanted += [f"value.{name}.{value}" for name in options() if name not in own for value in values(name)]
    english, chinese = (set(re.findall(r'^  "([^"]+)": ', part, re.MULTILINE)) for part in sections(generated))
    assert english == set(wanted)
    assert chinese <= english
    # What differs stands in both: sentences do, the names of numbers and formats need not.
    assert {key for key in wanted if key.startswith(("option.", "mode."))} <= chinese
    assert "output.result" in MESSAGES["en.js"]
    offered = re.search(r"const OUTPUTS = (\[.*\])", generated)
    assert offered
    assert set(json.loads(offered[1])) == set(values("outputs")) - {"text"}  # which is there always


def test_every_refusal_is_told_in_chinese_too() -> None:
    """Those are what a person can do something about; other errors are told as well as they can be."""
    kinds: list[type[FolioError]] = [FolioError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    told = set(re.findall(r'^  "([a-z-]+)": \["[^"]+", "[^"]+"\]', source(PAGE / "errors.js"), re.MULTILINE))
    assert told <= {slug(kind) for kind in kinds}
    public = [kind for kind in kinds if not kind.__name__.startswith("_")]  # the others never leave their module
    assert {slug(kind) for kind in public if issubclass(kind, Refused) and kind is not Refused} <= told


def slug(kind: type[FolioError]) -> str:
    return problem_of(kind.__new__(kind)).type.removeprefix("urn:folio:error:")


def test_what_refers_to_an_element_finds_it() -> None:
    ids = HTML.values("id")
    assert len(ids) == len(set(ids))
    named = " ".join(HTML.values("for", "aria-labelledby", "aria-describedby")).split()
    found = re.findall(r'\$\("([a-z-]+)"\)', source(*SCRIPTS))
    assert set(named + found) <= set(ids)
