import pytest

from folio.config import PROVIDERS
from folio.providers import get_provider


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_in_the_options_is_in_the_registry_under_its_own_name(name: str) -> None:
    assert get_provider(name).name == name


@pytest.mark.parametrize("name", PROVIDERS)
def test_there_is_one_instance_for_the_process(name: str) -> None:
    assert get_provider(name) is get_provider(name)


def test_another_name_is_no_provider() -> None:
    with pytest.raises(KeyError, match="clippy"):
        get_provider("clippy")
