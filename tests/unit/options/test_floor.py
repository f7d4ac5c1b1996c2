"""What an installation masks is masked whatever a caller, an object's metadata or a command says."""

import pytest

from folio.config.options import Options
from folio.config.settings import Settings
from folio.options.resolve import resolve_callers_options, resolve_for, resolve_options

FIXED = Settings(options=Options(redact=("id_number", "phone")))


@pytest.mark.parametrize("requested", ["none", "", "email", "bank_card,email", "id_number", "phone,id_number"])
def test_nobody_lowers_it(requested: str) -> None:
    options = {"redact": requested}
    for chosen in (
        resolve_options(FIXED, options).options,
        resolve_callers_options(FIXED, options).options,
        resolve_for(FIXED, {"folio-redact": requested}, {})[0],
        resolve_for(FIXED, {}, options)[0],
    ):
        assert isinstance(chosen, Options)
        assert {"id_number", "phone"} <= set(chosen.redact)
        assert set(chosen.redact) == {"id_number", "phone", *requested.split(",")} - {"", "none"}


def test_the_same_is_masked_under_the_same_fingerprint() -> None:
    prints = {resolve_options(FIXED, {"redact": kinds}).fingerprint for kinds in ("none", "phone", "phone,id_number")}
    assert prints == {resolve_options(FIXED, {}).fingerprint}
    assert resolve_options(FIXED, {"redact": "email"}).fingerprint not in prints


def test_without_one_everybody_chooses() -> None:
    assert resolve_options(Settings(), {"redact": "none"}).options.redact == ()
    assert resolve_options(Settings(), {"redact": "email"}).options.redact == ("email",)
