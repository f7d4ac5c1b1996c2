import re
import subprocess
import sys

import pytest

from folio.config.options import Options
from folio.config.settings import Settings
from folio.errors import BadOption
from folio.providers.base import ALL_MODES
from folio.providers.cloud.base import Cloud
from folio.providers.registry import declarations, get_provider, require_mode

PROVIDERS = tuple(declarations())
MODES = {name: declared.modes for name, declared in declarations().items()}
PAID = tuple(name for name, declared in declarations().items() if declared.paid)
LACKING = [(name, mode) for name in PROVIDERS for mode in ALL_MODES if mode not in MODES[name]]


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_in_the_options_is_in_the_registry_under_its_own_name(name: str) -> None:
    assert get_provider(name, Settings()).name == name


@pytest.mark.parametrize("name", PROVIDERS)
def test_there_is_one_instance_for_the_process_and_its_settings(name: str) -> None:
    assert get_provider(name, Settings()) is get_provider(name, Settings())


@pytest.mark.parametrize("name", PAID)
def test_other_settings_are_another_instance(name: str) -> None:
    assert get_provider(name, Settings(call_attempts=1)) is not get_provider(name, Settings(call_attempts=2))


def test_another_name_is_no_provider() -> None:
    with pytest.raises(KeyError, match="clippy"):
        get_provider("clippy", Settings())


def test_who_is_paid_is_who_reads_over_an_api() -> None:
    assert tuple(name for name in PROVIDERS if isinstance(get_provider(name, Settings()), Cloud)) == PAID


@pytest.mark.parametrize("name", PAID)
def test_the_modes_declared_are_what_each_provider_has_an_operation_for(name: str) -> None:
    provider = get_provider(name, Settings())
    assert isinstance(provider, Cloud)
    assert tuple(provider.declaration.operations) == MODES[name]
    assert all(operation.qps > 0 for operation in provider.declaration.operations.values())


@pytest.mark.parametrize(("name", "mode"), LACKING)
def test_a_mode_a_provider_lacks_is_refused_with_those_that_have_it(name: str, mode: str) -> None:
    with pytest.raises(BadOption) as refused:
        get_provider(name, Settings()).check(Options(mode=mode))  # type: ignore[arg-type] # one of the modes
    listed = re.split(r"[:,.] ?", refused.value.message)
    assert {other for other in PROVIDERS if mode in MODES[other]} <= {part.strip() for part in listed}
    assert refused.value.message.startswith(f"{name} has no mode {mode}")


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_modes_a_provider_has_are_not_refused(name: str) -> None:
    for mode in MODES[name]:
        require_mode(name, mode)


def test_the_rate_of_a_provider_or_of_one_of_its_modes_can_be_set() -> None:
    provider = get_provider("baidu", Settings(qps="baidu=10,baidu.table=5"))
    assert isinstance(provider, Cloud)
    spacing = {}
    for mode in ("general", "table"):
        provider._buckets[mode].take(0)
        spacing[mode] = provider._buckets[mode].take(10)
    assert spacing["general"] == pytest.approx(0.12, abs=0.02)
    assert spacing["table"] == pytest.approx(0.24, abs=0.02)


@pytest.mark.parametrize("name", PAID)
def test_without_keys_the_status_names_what_is_missing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*declarations()[name].keys, *declarations()[name].temporary_keys):
        monkeypatch.delenv(variable, raising=False)
    status = get_provider(name, Settings()).status()
    assert not status.usable
    assert status.missing == declarations()[name].keys
    for variable in declarations()[name].keys:
        monkeypatch.setenv(variable, "secret-value")
    status = get_provider(name, Settings()).status()
    assert status.usable
    assert "secret-value" not in repr(status)


def test_baidus_sdk_silences_no_warning_of_an_unverified_certificate() -> None:
    program = (
        "import warnings, folio.providers.cloud.baidu;"
        "folio.providers.cloud.baidu._client();"
        "from urllib3.exceptions import HTTPWarning as It;"
        "print([one for one in warnings.filters if one[0] == 'ignore' and issubclass(It, one[2])])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
