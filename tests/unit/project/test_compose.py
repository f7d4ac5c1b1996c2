"""deploy/compose.yaml starts what there is."""

from typing import Any

import click
import pytest
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped] # it ships no types

from folio.cli.main import cli
from tests.support.paths import ROOT

COMPOSE: dict[str, Any] = yaml_parse((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
IMAGES = [name for name, service in COMPOSE["services"].items() if service["image"].startswith("${FOLIO_IMAGE")]


@pytest.mark.parametrize("name", [name for name in IMAGES if "entrypoint" not in COMPOSE["services"][name]])
def test_its_commands_are_known_with_all_their_options(name: str) -> None:
    word, *arguments = COMPOSE["services"][name]["command"]
    command = cli.get_command(click.Context(cli), word)
    assert command
    assert command.parse_args(click.Context(command), list(arguments)) == []


def test_our_containers_write_to_tmp_alone_and_have_no_capabilities() -> None:
    assert len(IMAGES) == 3
    for name in IMAGES:
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["tmpfs"], service["cap_drop"]) == (True, ["/tmp"], ["ALL"])


def test_no_secret_stands_in_it() -> None:
    for service in COMPOSE["services"].values():
        secrets = {key: value for key, value in service["environment"].items() if "KEYS" in key or "SECRET" in key}
        assert all(value.startswith("${") and ":?" in value for value in secrets.values())
