"""What an installation leaves to its callers: those of the API, and whoever uploads documents with metadata."""

from typing import Annotated

from msgspec import Struct

from folio.config.declare import setting

EVERYBODY_ELSE = "*"
_CALLER = r"(\*|[A-Za-z0-9:/._|@-]+)"
_PREFIX = r"[A-Za-z0-9!_.*'()-][A-Za-z0-9!_.*'()/-]*/"
PREFIXES = rf"{_CALLER}={_PREFIX}(,{_CALLER}={_PREFIX})*"


class CallerSettings(Struct, frozen=True, kw_only=True):
    """The part of `folio.config.settings.Settings` that says what callers may do."""

    caller_providers: Annotated[
        str,
        setting(
            "Paid providers that a document's metadata and callers of the API may choose besides those that"
            " FOLIO_PROVIDERS names: baidu,aliyun. Free ones they may always choose.",
            "除 FOLIO_PROVIDERS 列出的以外，元数据和 API 调用者还可以选用的付费服务商：baidu,aliyun。免费的总可以选。",
            deployed=r"[a-z_]+(,[a-z_]+)*",
            group="providers",
        ),
    ] = ""
    caller_prefixes: Annotated[
        str,
        setting(
            "Which stored documents callers of the API may read, by the id of the API key (or of the role, or a"
            " token's issuer and subject joined by a colon): ab12cd=team/,*=shared/. Whoever is not named, nor covered"
            " by *, may read all.",
            "API 调用者可以读哪些已存储的文档，按 API 密钥的 id（或角色的 id，或令牌的签发者和主体，用冒号连接）："
            "ab12cd=team/,*=shared/。没有列出、也没有 * 时可以读全部。",
            deployed=PREFIXES,
            group="api",
        ),
    ] = ""
