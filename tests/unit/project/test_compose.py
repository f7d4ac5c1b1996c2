"""deploy/compose.yaml is a file of the Compose Specification, and starts what there is."""

import json
import re
from collections.abc import Callable
from typing import Any

import click
import compose_spec
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


def substituted() -> Any:
    """The file with its variables' defaults, and some value for those that have none."""
    text = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
    return yaml_parse(re.sub(r"\$\{\w+(?::-([^}]*)|:\?[^}]*)\}", lambda match: match[1] or "12345678", text))


def test_it_is_a_file_of_the_specification() -> None:
    compose = compose_spec.PyCompose.from_json(json.dumps(substituted()))
    compose.validate()
    assert set(compose.service_names()) == set(COMPOSE["services"])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda server: server.update(read_onli=True),
        lambda server: server.update(ports=["web:8000"]),
        lambda server: server["depends_on"]["bucket"].update(condition="done"),
    ],
)
def test_what_is_none_is_found(spoil: Callable[[Any], None]) -> None:
    compose = json.loads(json.dumps(substituted()))
    spoil(compose["services"]["server"])
    with pytest.raises(ValueError, match="line 1 column"):
        compose_spec.PyCompose.from_json(json.dumps(compose))
