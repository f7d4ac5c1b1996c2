"""The engines, by name. A provider's module is imported when it is first asked for."""

from functools import cache

from folio.config.settings import Settings
from folio.providers.base import Provider


@cache
def get_provider(name: str, settings: Settings) -> Provider:
    """The provider of that name (as checked by `config.options.make_options`); one instance for settings and
    process.
    """
    match name:
        case "tesseract":
            from folio.providers.tesseract.engine import Tesseract

            return Tesseract()
        case "baidu":
            from folio.providers.cloud.baidu import Baidu

            return Baidu(settings)
        case "tencent":
            from folio.providers.cloud.tencent import Tencent

            return Tencent(settings)
        case "aliyun":
            from folio.providers.cloud.aliyun import Aliyun

            return Aliyun(settings)
        case _:
            raise KeyError(name)
