"""What a document may cost is the installation's to say, not that of whoever uploads it or calls the API."""

import pytest

from folio.config.options import Options
from folio.config.settings import Settings
from folio.errors import BadOption
from folio.options.allowed import may_read
from folio.options.resolve import resolve_callers_options, resolve_for, resolve_options
from folio.options.settings import with_setting
from folio.options.table import options
from folio.providers.registry import declarations

PAID = [name for name, declared in declarations().items() if declared.paid]
FREE = ["auto", *(name for name in declarations() if name not in PAID)]


@pytest.mark.parametrize("name", PAID)
def test_a_paid_provider_is_refused_where_the_installation_does_not_name_it(name: str) -> None:
    with pytest.raises(BadOption, match=f"paid provider {name}; the setting FOLIO_CALLER_PROVIDERS={name} allows"):
        resolve_callers_options(Settings(), {"providers": f"tesseract,{name}"})


@pytest.mark.parametrize("name", PAID)
@pytest.mark.parametrize(
    "settings",
    [
        Settings(options=Options(providers=("auto", *PAID))),
        Settings(caller_providers=",".join(PAID)),
    ],
    ids=["as its own", "for callers"],
)
def test_and_allowed_where_it_names_it(name: str, settings: Settings) -> None:
    assert resolve_callers_options(settings, {"provider": name}).options.providers == (name,)


@pytest.mark.parametrize("name", FREE)
def test_free_ones_are_always_allowed(name: str) -> None:
    settings = Settings(options=Options(providers=("baidu",)))
    assert resolve_callers_options(settings, {"provider": name}).options.providers == (name,)


@pytest.mark.parametrize("calls", ["0", "19", "20"])
def test_calls_may_be_fewer_than_the_installations(calls: str) -> None:
    settings = Settings(options=Options(max_calls=20))
    assert resolve_callers_options(settings, {"max_calls": calls}).options.max_calls == int(calls)


@pytest.mark.parametrize("calls", ["21", "1000", "999999"])
def test_but_not_more(calls: str) -> None:
    settings = Settings(options=Options(max_calls=20))
    with pytest.raises(BadOption, match=r"more than this installation allows.*at most 20.*FOLIO_MAX_CALLS") as raised:
        resolve_callers_options(settings, {"max_calls": calls})
    assert raised.value.field == "max_calls"


def test_the_installation_itself_may_choose_anything() -> None:
    chosen = resolve_options(Settings(), {"providers": "aliyun", "max_calls": "999999"}).options
    assert (chosen.providers, chosen.max_calls) == (("aliyun",), 999_999)


def test_metadata_are_held_to_it_and_a_document_is_looked_at_again_once_they_are_allowed() -> None:
    metadata = {"folio-providers": "aliyun", "folio-max_calls": "999999"}
    refused, before = resolve_for(Settings(), metadata, {})
    still_refused, after = resolve_for(Settings(caller_providers="aliyun"), metadata, {})
    assert isinstance(refused, BadOption)
    assert isinstance(still_refused, BadOption)
    assert (refused.field, still_refused.field) == ("providers", "max_calls")
    assert before != after
    allowed, _ = resolve_for(Settings(caller_providers="aliyun", options=Options(max_calls=999_999)), metadata, {})
    assert isinstance(allowed, Options)


def test_a_request_does_not_lift_what_an_object_may_not() -> None:
    chosen, _ = resolve_for(Settings(), {"folio-max_calls": "1"}, {"max_calls": "1001"})
    assert isinstance(chosen, BadOption)


def test_every_option_that_counts_calls_has_a_ceiling() -> None:
    assert [name for name, option in options().items() if option.ceiling] == ["max_calls"]


def test_the_setting_takes_only_providers_there_are() -> None:
    assert with_setting(Settings(), "caller_providers", "baidu, aliyun").caller_providers == "baidu,aliyun"
    with pytest.raises(BadOption, match="clippy"):
        with_setting(Settings(), "caller_providers", "clippy")


@pytest.mark.parametrize("text", ["a=team", "a=/", "=team/", "a=team/,", "a=team/ b=x/", "a", "a=te am/"])
def test_prefixes_end_in_a_slash(text: str) -> None:
    """Or team/a would let its caller read team/ab."""
    with pytest.raises(BadOption, match="prefixes of callers"):
        with_setting(Settings(), "caller_prefixes", text)


def test_a_caller_is_named_by_key_role_or_token() -> None:
    text = "AROAEXAMPLE=roles/,https://idp.example/:user-7=tokens/"
    settings = with_setting(Settings(), "caller_prefixes", text)
    assert may_read("tokens/a.pdf", "https://idp.example/:user-7", settings)
    assert not may_read("roles/a.pdf", "https://idp.example/:user-7", settings)
    assert may_read("anything.pdf", "somebody", settings), "whoever is not named is not bound"
