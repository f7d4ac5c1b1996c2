"""Tencent Cloud OCR, by signed requests of our own (TC3-HMAC-SHA256).

Not by its SDK: 2 MB for one signature, and its retries return old errors. Sources: tencentcloud-sdk-python-ocr 3.1.193
(models, errorcodes), cloud.tencent.com/document/product/866/45470 (what is billed), .../866/36216 (limits).
"""

import base64
import hashlib
import hmac
import time
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from msgspec import Struct

from folio.config.options import Options
from folio.models import Mode, PageText
from folio.providers.base import YES_NO, Declaration, Operation, Switch
from folio.providers.cloud import tencent_responses as answers
from folio.providers.cloud.base import Cloud, PageCall
from folio.providers.cloud.credentials import Credentials
from folio.providers.cloud.faults import CallFailed, ErrorKind, classify
from folio.providers.tiling import Limits, Tile

if TYPE_CHECKING:
    from folio.providers.cloud.http import Reply

_SERVICE = "ocr"
_JSON = "application/json"
_CONFIG = "Config."  # switches that stand in a JSON string of their own

_LIMITS = Limits(size=10 * 1024 * 1024, counted="base64")
_TABLE = Limits(size=10 * 1024 * 1024, counted="base64", min_side=601, max_ratio=2.9)
_INVOICE = Limits(size=10 * 1024 * 1024, counted="base64", min_side=20, max_side=10_000)

CODES: dict[str, ErrorKind] = {
    "RequestLimitExceeded": ErrorKind.THROTTLED,
    "InternalError": ErrorKind.TRANSIENT,
    "ServiceUnavailable": ErrorKind.TRANSIENT,
    "ClientNetworkError": ErrorKind.TRANSIENT,
    "ServerNetworkError": ErrorKind.TRANSIENT,
    "FailedOperation.EngineRecognizeTimeout": ErrorKind.TRANSIENT,
    "FailedOperation.UnKnowError": ErrorKind.TRANSIENT,
    "FailedOperation.DownLoadError": ErrorKind.TRANSIENT,
    "FailedOperation.OcrFailed": ErrorKind.TRANSIENT_ONCE,
    "FailedOperation.CountLimitError": ErrorKind.QUOTA,
    "FailedOperation.ArrearsError": ErrorKind.QUOTA,
    "FailedOperation.UnOpenError": ErrorKind.QUOTA,
    "ResourceUnavailable.InArrears": ErrorKind.QUOTA,
    "ResourceUnavailable.ResourcePackageRunOut": ErrorKind.QUOTA,
    "ResourcesSoldOut.ChargeStatusException": ErrorKind.QUOTA,
    "FailedOperation.ImageSizeTooLarge": ErrorKind.IMAGE_FIXABLE,
    "LimitExceeded.TooLargeFileError": ErrorKind.IMAGE_FIXABLE,
    "FailedOperation.ImageDecodeFailed": ErrorKind.IMAGE_FIXABLE,
    "InvalidParameter.EngineImageDecodeFailed": ErrorKind.IMAGE_FIXABLE,
    "FailedOperation.FileDecodeFailed": ErrorKind.IMAGE_FIXABLE,
    "FailedOperation.PDFParseFailed": ErrorKind.IMAGE_FIXABLE,
    "FailedOperation.UnKnowFileTypeError": ErrorKind.IMAGE_FIXABLE,
    "FailedOperation.ImageNoText": ErrorKind.EMPTY,
    "FailedOperation.ImageNoHandWrite": ErrorKind.EMPTY,
    "FailedOperation.EmptyImageError": ErrorKind.EMPTY,
    "FailedOperation.ImageNoIdCard": ErrorKind.REJECTED,
    "FailedOperation.MultiCardError": ErrorKind.REJECTED,
    "FailedOperation.NoBankCardError": ErrorKind.REJECTED,
    "FailedOperation.IllegalBankCardError": ErrorKind.REJECTED,
    "FailedOperation.CardSideError": ErrorKind.REJECTED,
    "FailedOperation.ImageNoSpecifiedCard": ErrorKind.REJECTED,
    "FailedOperation.IdCardInfoIllegal": ErrorKind.REJECTED,
    "FailedOperation.IdCardTooSmall": ErrorKind.REJECTED,
    "FailedOperation.ImageBlur": ErrorKind.REJECTED,
    "AuthFailure": ErrorKind.CONFIG,
    "UnauthorizedOperation": ErrorKind.CONFIG,
    "InvalidParameter": ErrorKind.CONFIG,
    "InvalidParameterValue": ErrorKind.CONFIG,
    "MissingParameter": ErrorKind.CONFIG,
    "UnknownParameter": ErrorKind.CONFIG,
    "UnsupportedOperation": ErrorKind.CONFIG,
    "FailedOperation.LanguageNotSupport": ErrorKind.CONFIG,
}

_LANGUAGES = {
    "eng": "zh", "chi_sim": "zh", "chi_tra": "zh_rare", "jpn": "jap", "kor": "kor", "spa": "spa", "fra": "fre",
    "deu": "ger", "por": "por", "vie": "vie", "msa": "may", "rus": "rus", "ita": "ita", "nld": "hol", "swe": "swe",
    "fin": "fin", "dan": "dan", "nor": "nor", "hun": "hun", "tha": "tha", "hin": "hi", "ara": "ara",
}  # fmt: skip


_OPERATIONS: dict[Mode, Operation] = {
    "general": Operation(name="GeneralBasicOCR", limits=_LIMITS, qps=20, price=0.15),
    "accurate": Operation(name="GeneralAccurateOCR", limits=_LIMITS, qps=10, price=0.5),
    "handwriting": Operation(name="GeneralHandwritingOCR", limits=_LIMITS, qps=10),
    "table": Operation(name="RecognizeTableAccurateOCR", limits=_TABLE, qps=2, cut=False),
    "id_card": Operation(name="IDCardOCR", limits=_LIMITS, qps=20, cut=False),
    "bank_card": Operation(name="BankCardOCR", limits=_LIMITS, qps=10, cut=False),
    "invoice": Operation(name="VatInvoiceOCR", limits=_INVOICE, qps=10, cut=False),
}

# Not here is what Folio sets itself, and what only adds pictures or forms of an answer that a result has no place for.
# Those of an ID card that begin with config_ go into its Config. Source: the SDK's request models.
_SWITCHES = (
    Switch(
        "language_type",
        "LanguageType",
        ("general",),
        ("zh", "zh_rare", "auto", "mix", "jap", "kor", "spa", "fre", "ger", "por", "vie", "may", "rus", "ita", "hol",
         "swe", "fin", "dan", "nor", "hun", "tha", "hi", "ara"),
    ),
    Switch("enable_detect_split", "EnableDetectSplit", ("accurate",)),
    Switch("enable_detect_text", "EnableDetectText", ("accurate", "handwriting")),
    Switch("config_id", "ConfigID", ("accurate",), ("OCR", "MulOCR")),
    Switch("scene", "Scene", ("handwriting",), ("only_hw",)),
    Switch("use_new_model", "UseNewModel", ("table",)),
    Switch("config_copy_warn", "Config.CopyWarn", ("id_card",)),
    Switch("config_border_check_warn", "Config.BorderCheckWarn", ("id_card",)),
    Switch("config_reshoot_warn", "Config.ReshootWarn", ("id_card",)),
    Switch("config_detect_ps_warn", "Config.DetectPsWarn", ("id_card",)),
    Switch("config_temp_id_warn", "Config.TempIdWarn", ("id_card",)),
    Switch("config_invalid_date_warn", "Config.InvalidDateWarn", ("id_card",)),
    Switch("config_reflect_warn", "Config.ReflectWarn", ("id_card",)),
    Switch("config_key_check", "Config.KeyCheck", ("id_card",)),
    Switch("config_value_check", "Config.ValueCheck", ("id_card",)),
    Switch("config_quality", "Config.Quality", ("id_card",)),
    Switch("enable_recognition_rectify", "EnableRecognitionRectify", ("id_card",)),
    Switch("enable_date_verify", "EnableDateVerify", ("id_card",)),
    Switch("card_warn_type", "CardWarnType", ("id_card",), ("Basic", "Advanced")),
    Switch("enable_copy_check", "EnableCopyCheck", ("bank_card",)),
    Switch("enable_reshoot_check", "EnableReshootCheck", ("bank_card",)),
    Switch("enable_border_check", "EnableBorderCheck", ("bank_card",)),
    Switch("enable_quality_value", "EnableQualityValue", ("bank_card",)),
)  # fmt: skip

DECLARATION = Declaration(
    name="tencent",
    title="Tencent Cloud",
    chinese_title="腾讯云",
    make=lambda settings: Tencent(settings),  # noqa: PLW0108 (the class stands below)
    modes=tuple(_OPERATIONS),
    paid=True,
    api="2018-11-19",
    endpoint="https://ocr.tencentcloudapi.com",
    keys=("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"),
    temporary_keys=("TENCENTCLOUD_TOKEN",),
    operations=_OPERATIONS,
    languages={"general": _LANGUAGES},
    switches=_SWITCHES,
)


class Tencent(Cloud):
    declaration = DECLARATION
    billed: ClassVar[frozenset[str]] = frozenset({"FailedOperation.EmptyImageError"})

    def send(self, call: PageCall, tile: Tile, keys: Credentials, timeout: float) -> PageText:
        parameters = {"ImageBase64": base64.b64encode(tile.data).decode(), **self._parameters(call.options)}
        body = msgspec.json.encode(parameters)
        headers = sign(self.endpoint.host, call.operation.name, body, keys, int(time.time()))
        reply = self.endpoint.post("/", body, headers, timeout)
        return answers.read(call.options, _checked(reply))

    def _parameters(self, options: Options) -> dict[str, Any]:
        parameters: dict[str, Any] = {}
        match options.mode:
            # The model for many languages places no characters.
            case "general" | "accurate" if ("config_id", "MulOCR") not in options.switches:
                parameters["IsWords"] = True
            case "handwriting":
                parameters["EnableWordPolygon"] = True
            case "id_card" if options.id_card_side != "auto":
                parameters["CardSide"] = options.id_card_side.upper()
        if language := self.language(options):
            parameters["LanguageType"] = language
        config: dict[str, Any] = {}
        for name, value in self.declaration.native_switches(options):
            typed = value == "true" if value in YES_NO else value
            if name.startswith(_CONFIG):
                config[name.removeprefix(_CONFIG)] = typed
            else:
                parameters[name] = typed
        return parameters | ({"Config": msgspec.json.encode(config).decode()} if config else {})


def sign(host: str, action: str, body: bytes, keys: Credentials, moment: int) -> dict[str, str]:
    """The headers of a request (signature method v3). Source: cloud.tencent.com/document/api/866/33519."""
    date = time.strftime("%Y-%m-%d", time.gmtime(moment))
    scope = f"{date}/{_SERVICE}/tc3_request"
    canonical = f"POST\n/\n\ncontent-type:{_JSON}\nhost:{host}\n\ncontent-type;host\n{_sha256(body)}"
    to_sign = f"TC3-HMAC-SHA256\n{moment}\n{scope}\n{_sha256(canonical.encode())}"
    key = f"TC3{keys['TENCENTCLOUD_SECRET_KEY']}".encode()
    for part in (date, _SERVICE, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    headers = {
        "Authorization": f"TC3-HMAC-SHA256 Credential={keys['TENCENTCLOUD_SECRET_ID']}/{scope}, "
        f"SignedHeaders=content-type;host, Signature={signature}",
        "Content-Type": _JSON,
        "Host": host,
        "X-TC-Action": action,
        "X-TC-Timestamp": str(moment),
        "X-TC-Version": DECLARATION.api,
        "X-TC-Language": "zh-CN",
    }
    return headers | ({"X-TC-Token": token} if (token := keys.get("TENCENTCLOUD_TOKEN")) else {})


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class _Error(Struct, rename="pascal"):
    code: str = ""


class _Response(Struct, rename="pascal"):
    error: _Error | None = None


class _Envelope(Struct, rename="pascal"):
    response: _Response


def _checked(reply: "Reply") -> bytes:
    """The body of a good answer; errors come with HTTP 200."""
    try:
        answer = msgspec.json.decode(reply.body, type=_Envelope).response
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise reply.failure() from None
    if answer.error:
        code = answer.error.code
        raise CallFailed(classify(code, CODES, ErrorKind.TRANSIENT_ONCE), code, reply.retry_after())
    if reply.status != 200:
        raise reply.failure()
    return reply.body
