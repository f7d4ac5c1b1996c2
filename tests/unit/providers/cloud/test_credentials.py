"""Keys from the environment, and that nothing shows them."""

import logging
import traceback

import msgspec
import pytest

from folio.config.settings import Settings
from folio.errors import CredentialsMissing
from folio.providers.cloud.credentials import Credentials, CredentialsSource
from folio.providers.registry import declarations

SECRET = "s3cr3t-and-long"
PAID = {name: declared for name, declared in declarations().items() if declared.paid}


def variables(provider: str) -> tuple[str, ...]:
    return (*PAID[provider].keys, *PAID[provider].temporary_keys)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """One without anybody's keys."""
    for provider in PAID:
        for name in variables(provider):
            monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_every_paid_provider_has_its_keys_and_no_two_share_a_name() -> None:
    assert all(declared.keys for declared in PAID.values())
    names = [name for provider in PAID for name in variables(provider)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("provider", PAID)
def test_keys_come_from_the_environment(provider: str, environment: pytest.MonkeyPatch) -> None:
    for name in variables(provider):
        environment.setenv(name, f" {SECRET}-{name}\n")
    keys = CredentialsSource(PAID[provider], Settings()).get()
    assert [keys[name] for name in variables(provider)] == [f"{SECRET}-{name}" for name in variables(provider)]
    assert keys.get("another") == ""


@pytest.mark.parametrize("provider", PAID)
def test_changed_keys_are_seen_at_once(provider: str, environment: pytest.MonkeyPatch) -> None:
    source = CredentialsSource(PAID[provider], Settings())
    for value in ("one", "two"):
        for name in PAID[provider].keys:
            environment.setenv(name, value)
        assert source.get()[PAID[provider].keys[0]] == value
    assert not source.rotated(source.get())


@pytest.mark.parametrize("provider", PAID)
@pytest.mark.parametrize("value", ["", "  ", None])
def test_what_is_missing_is_named(provider: str, value: str | None, environment: pytest.MonkeyPatch) -> None:
    first, second = PAID[provider].keys
    environment.setenv(first, SECRET)
    if value is not None:
        environment.setenv(second, value)
    source = CredentialsSource(PAID[provider], Settings())
    with pytest.raises(
        CredentialsMissing, match=rf"^{provider} needs {second}, not found in the environment\.$"
    ) as bad:
        source.get()
    assert source.missing() == (second,)
    assert SECRET not in "".join(traceback.format_exception(bad.value))
    environment.delenv(first)
    with pytest.raises(CredentialsMissing, match=f"{first}, {second}"):
        source.get()


@pytest.mark.parametrize("provider", PAID)
def test_optional_keys_are_not_missing(provider: str, environment: pytest.MonkeyPatch) -> None:
    for name in PAID[provider].keys:
        environment.setenv(name, SECRET)
    source = CredentialsSource(PAID[provider], Settings())
    assert source.missing() == ()
    assert all(source.get().get(name) == "" for name in PAID[provider].temporary_keys)


def test_nothing_shows_a_key(caplog: pytest.LogCaptureFixture) -> None:
    keys = Credentials({"API_KEY": SECRET})
    logging.getLogger("test").warning("%s %r", keys, keys)
    shown = [repr(keys), str(keys), f"{keys}", f"{keys!r}", repr([keys]), caplog.text,
             repr({"keys": keys}), str(KeyError(keys)), repr(ValueError("no", keys))]  # fmt: skip
    assert [text for text in shown if SECRET in text] == []
    assert "API_KEY=***" in repr(keys)


def test_keys_are_compared_by_what_they_are() -> None:
    assert Credentials({"a": "1"}) == Credentials({"a": "1"})
    assert Credentials({"a": "1"}) != Credentials({"a": "2"})


def test_settings_hold_where_keys_are_but_none() -> None:
    held = msgspec.structs.asdict(Settings())
    assert [name for name in held if "key" in name or "secret" in name or "token" in name] == []
