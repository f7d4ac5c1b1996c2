"""The engines, by name. A provider's module is imported when it is first asked for."""

from functools import cache

from folio.providers.base import Provider


@cache
def get_provider(name: str) -> Provider:
    """The provider of that name (as checked by `config.make_options`); one instance for the process."""
    match name:
        case "tesseract":
            from folio.providers.tesseract import Tesseract

            return Tesseract()
        case _:
            raise KeyError(name)
