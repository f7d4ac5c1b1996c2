"""What tests are read with that are about something else than the defaults: Tesseract, in English.

Their answers are recorded (tests/support/recording), and the same wherever they run. Tests of the defaults say so:
`DEFAULTS`.
"""

from typing import Any

from folio.config.options import Options
from folio.config.settings import Settings

ENVIRONMENT = {"FOLIO_PROVIDERS": "tesseract", "FOLIO_LANGUAGES": "eng"}
DEFAULTS = {"FOLIO_PROVIDERS": "auto", "FOLIO_LANGUAGES": "auto"}
ENGLISH = Options(providers=("tesseract",), languages=("eng",))


def settings(**more: Any) -> Settings:
    """Return settings of an installation where Tesseract reads English, but for what a test gives."""
    return Settings(**{"options": ENGLISH, **more})
