"""What a reader is told is what the code does, and every link leads somewhere."""

import re
from pathlib import Path

import pytest
from scripts.decisions_page import ENTRY, anchor, with_index

from folio.config.options import Options
from folio.config.settings import PREFIX, Settings
from folio.options.settings import setting_names
from folio.options.table import values
from folio.version import __version__
from handlers.telemetry import METRICS, STATUSES
from tests.support.aws.template import PARAMETERS, of_type
from tests.support.paths import ROOT
from tests.unit.test_imports import FLOORS

DOCS = ROOT / "docs"
TABLES = [DOCS / "tables.md", DOCS / "zh-CN" / "tables.md"]
# An English page and its Chinese equal.
TWINS = [(ROOT / "README.md", ROOT / "README.zh-CN.md")] + [
    (DOCS / path.name, path) for path in sorted((DOCS / "zh-CN").glob("*.md"))
]
PAGES = [
    path
    for folder in (".", "docs", "docs/zh-CN", ".github", "tests/data")
    for path in sorted((ROOT / folder).glob("*.md"))
]
MOST_WORDS = 700  # a stranger reads README to its end


@pytest.mark.parametrize("page", TABLES, ids=lambda path: path.parent.name)
def test_every_option_value_and_setting_is_explained(page: Path) -> None:
    text = page.read_text("utf-8")
    settings = [f"`{PREFIX}{name.upper()}`" for name in setting_names()]
    lists = [value for name in ("providers", "mode", "recipe", "outputs") for value in values(name)]
    named = [f"`{name}`" for name in (*Options.__struct_fields__, *lists)]
    assert [name for name in settings + named if name not in text] == []


@pytest.mark.parametrize("name", ["max_bytes", "max_pages", "max_pixels", "raster_pixels"])
@pytest.mark.parametrize("page", TABLES, ids=lambda path: path.parent.name)
def test_limits_are_stated_with_their_defaults(page: Path, name: str) -> None:
    stated = next(line for line in page.read_text("utf-8").splitlines() if f"{PREFIX}{name.upper()}" in line)
    assert str(getattr(Settings(), name)) in stated.replace(",", "")


@pytest.mark.parametrize(("english", "chinese"), TWINS, ids=lambda path: path.name)
def test_both_languages_have_the_same_parts(english: Path, chinese: Path) -> None:
    one, other = english.read_text("utf-8"), chinese.read_text("utf-8")
    assert outline(one) == outline(other)
    assert settings_in(one) == settings_in(other)


def outline(text: str) -> list[str]:
    """Of each heading its level, of each row of a table the number of its cells, of each example its first word."""
    parts = (re.match(r"(#+) |(\|)|(- )|(```\w*)|([a-z.]\S*)(?=.* # )", line) for line in text.splitlines())
    return [f"{part.string.count('|')} cells" if part[2] else part[0] for part in parts if part]


def settings_in(text: str) -> list[str]:
    return [line.split("|")[1] for line in text.splitlines() if line.startswith("|") and PREFIX in line.split("|")[1]]


@pytest.mark.parametrize("readme", TWINS[0], ids=lambda path: path.name)
def test_a_readme_is_short(readme: Path) -> None:
    assert words(readme.read_text("utf-8")) <= MOST_WORDS


def words(text: str) -> int:
    """Words as `wc -w` counts them; in Chinese two characters are taken for one."""
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    return len(re.sub(r"[\u3000-\u9fff\uff00-\uffef]", " ", text).split()) + chinese // 2


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    assert [link for link in links if "://" not in link and not leads_somewhere(page, link)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = re.findall(
        r"`((?:functions|tests|scripts|layers|workflows|events|docs)/[\w./-]*)`", page.read_text("utf-8")
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def leads_somewhere(page: Path, link: str) -> bool:
    name, _, heading = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not heading or heading in anchors(target.read_text("utf-8"))


def anchors(text: str) -> set[str]:
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def test_operating_explains_every_alarm_and_metric() -> None:
    text = (DOCS / "operating.md").read_text("utf-8")
    names = [*of_type("AWS::CloudWatch::Alarm"), *METRICS, *STATUSES]
    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.parametrize("page", [DOCS / "deploying.md", DOCS / "zh-CN" / "deploying.md"], ids=lambda p: p.parent.name)
def test_deploying_explains_every_question_in_the_order_in_which_it_is_asked(page: Path) -> None:
    rows = [line.split("|")[1] for line in page.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert re.findall(r"`(\w+)`", " ".join(rows)) == list(PARAMETERS)


def test_architecture_has_every_room_on_its_floor() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8")
    told = {name: int(floor) for floor, name in re.findall(r"^\| (\d+) \| `([\w.]+)` \|", text, re.MULTILINE)}
    assert told == FLOORS


def test_every_decision_is_indexed_and_says_whether_it_is_in_force() -> None:
    text = (DOCS / "decisions.md").read_text("utf-8")
    assert with_index(text) == text, "run `make generate`"
    states = [entry["status"] for entry in ENTRY.finditer(text)]
    assert [state for state in states if not re.match(r"in force\b|superseded by \[", state)] == []
    with pytest.raises(ValueError, match="without a status"):
        with_index(f"{text}\n## 2026-01-01 An entry without a status\n\nIt says nothing.\n")


def test_the_changelog_has_the_version_that_is_built() -> None:
    assert f"\n## [{__version__}] - " in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_notice_names_all_that_the_layers_carry_with_its_version() -> None:
    lines = [line.split() for line in (ROOT / "NOTICE").read_text("utf-8").splitlines()]
    told = {(line[0], line[1]) for line in lines if len(line) > 1}
    layers = ROOT / "layers"
    sources = re.findall(
        r"^(\S+) +(\S+) +[0-9a-f]{64} ", (layers / "ocr-tools" / "sources.txt").read_text(), re.MULTILINE
    )
    wheels = re.findall(r"^(\S+)==(\S+) ", (layers / "python" / "requirements.txt").read_text(), re.MULTILINE)
    opencv = ("opencv-python-headless", (layers / "python" / "opencv.txt").read_text().split()[0])
    tiny = ("faster-paddle", (layers / "python" / "tiny.txt").read_text().split()[0])
    assert {*sources, *wheels, opencv, tiny} - told == set()
