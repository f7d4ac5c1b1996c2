"""What a reader is told is what the code does."""

from pathlib import Path

import pytest

from folio.config.options import MODES, OUTPUTS, PROVIDERS, RECIPES
from folio.config.settings import PREFIX, Settings
from folio.models import Options
from handlers.telemetry import METRICS, STATUSES
from tests.template import PARAMETERS, of_type

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_option_value_and_setting_is_explained(readme: Path) -> None:
    text = readme.read_text()
    settings = [f"`{PREFIX}{name.upper()}`" for name in Settings.__struct_fields__]
    values = [f"`{name}`" for name in (*Options.__struct_fields__, *PROVIDERS, *MODES, *RECIPES, *OUTPUTS)]
    assert [name for name in settings + values if name not in text] == []


@pytest.mark.parametrize("name", ["max_bytes", "max_pages", "max_pixels", "raster_pixels"])
@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_limits_are_stated_with_their_defaults(readme: Path, name: str) -> None:
    stated = next(line for line in readme.read_text().splitlines() if f"{PREFIX}{name.upper()}" in line)
    assert str(getattr(Settings(), name)) in stated.replace(",", "")


def test_both_readmes_have_the_same_parts() -> None:
    english, chinese = ([line for line in path.read_text().splitlines() if line.startswith("|")] for path in READMES)
    assert len(english) == len(chinese)
    assert [line.split("|")[1] for line in english if "FOLIO" in line] == [
        line.split("|")[1] for line in chinese if "FOLIO" in line
    ]


def test_operating_explains_every_question_alarm_and_metric() -> None:
    text = (ROOT / "docs" / "operating.md").read_text()
    names = [*PARAMETERS, *of_type("AWS::CloudWatch::Alarm"), *METRICS, *STATUSES]
    assert [name for name in names if f"`{name}`" not in text] == []
    asked = [name for name in PARAMETERS if f"`{name}`" in text]
    assert sorted(asked, key=lambda name: text.index(f"`{name}`")) == list(PARAMETERS), "in SAM's order"
