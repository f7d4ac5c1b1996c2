"""Every code of the facts, what it means, and what Folio then does: how often it calls, and which error is left."""

from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from folio.config.options import Options
from folio.errors import (
    DocumentTypeMismatch,
    EngineFailed,
    FolioError,
    ImageRefused,
    Misconfigured,
    ProviderDenied,
    QuotaExhausted,
    Throttled,
)
from folio.models import PageImage
from folio.providers.cloud import aliyun, baidu, tencent
from folio.providers.cloud.faults import RETRY_POLICY, CallFailed, ErrorKind, classify
from folio.providers.cloud.http import Reply
from tests.fakes.paid_provider import Clock, Service, ask, noise, page_of

MODULES: dict[str, ModuleType] = {"baidu": baidu, "tencent": tencent, "aliyun": aliyun}
type Row = tuple[str, str, ErrorKind, type[FolioError] | None, int]


def rows(provider: str, codes: str, kind: ErrorKind, error: type[FolioError] | None, calls: int) -> list[Row]:
    return [(provider, code, kind, error, calls) for code in codes.split()]


# Provider, codes, what they mean, the error if the service never says anything else (none: an empty page), and the
# calls made until then, where five are allowed: 4 are two for the page and two for its upper half.
TABLE: list[Row] = [
    *rows("baidu", "1 2 4 SDK108", ErrorKind.TRANSIENT, EngineFailed, 5),
    *rows("baidu", "18", ErrorKind.THROTTLED, Throttled, 5),
    *rows("baidu", "282000", ErrorKind.DENSE, EngineFailed, 4),
    *rows("baidu", "216630", ErrorKind.TRANSIENT_ONCE, EngineFailed, 2),
    *rows("baidu", "100 110 111", ErrorKind.AUTH_REFRESH, ProviderDenied, 2),
    *rows("baidu", "17 19", ErrorKind.QUOTA, QuotaExhausted, 1),
    *rows("baidu", "6 14 216110", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("baidu", "3 216100 216101 216102 216103", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("baidu", "216200 216201 216202 216203", ErrorKind.IMAGE_FIXABLE, ImageRefused, 2),
    *rows("baidu", "216631 216633 282102 282103", ErrorKind.REJECTED, DocumentTypeMismatch, 1),
    *rows("tencent", "RequestLimitExceeded RequestLimitExceeded.IPLimitExceeded", ErrorKind.THROTTLED, Throttled, 5),
    *rows("tencent", "RequestLimitExceeded.UinLimitExceeded", ErrorKind.THROTTLED, Throttled, 5),
    *rows("tencent", "RequestLimitExceeded.GlobalRegionUinLimitExceeded", ErrorKind.THROTTLED, Throttled, 5),
    *rows("tencent", "InternalError InternalError.Unknown ServiceUnavailable", ErrorKind.TRANSIENT, EngineFailed, 5),
    *rows("tencent", "FailedOperation.EngineRecognizeTimeout", ErrorKind.TRANSIENT, EngineFailed, 5),
    *rows("tencent", "FailedOperation.UnKnowError", ErrorKind.TRANSIENT, EngineFailed, 5),
    *rows("tencent", "FailedOperation.DownLoadError", ErrorKind.TRANSIENT, EngineFailed, 5),
    *rows("tencent", "ClientNetworkError ServerNetworkError", ErrorKind.TRANSIENT, EngineFailed, 5),
    *rows("tencent", "FailedOperation.OcrFailed", ErrorKind.TRANSIENT_ONCE, EngineFailed, 2),
    *rows("tencent", "FailedOperation.CountLimitError", ErrorKind.QUOTA, QuotaExhausted, 1),
    *rows("tencent", "FailedOperation.ArrearsError FailedOperation.UnOpenError", ErrorKind.QUOTA, QuotaExhausted, 1),
    *rows("tencent", "ResourceUnavailable.InArrears", ErrorKind.QUOTA, QuotaExhausted, 1),
    *rows("tencent", "ResourceUnavailable.ResourcePackageRunOut", ErrorKind.QUOTA, QuotaExhausted, 1),
    *rows("tencent", "ResourcesSoldOut.ChargeStatusException", ErrorKind.QUOTA, QuotaExhausted, 1),
    *rows("tencent", "FailedOperation.ImageSizeTooLarge", ErrorKind.IMAGE_FIXABLE, ImageRefused, 2),
    *rows("tencent", "LimitExceeded.TooLargeFileError", ErrorKind.IMAGE_FIXABLE, ImageRefused, 2),
    *rows("tencent", "FailedOperation.ImageDecodeFailed", ErrorKind.IMAGE_FIXABLE, ImageRefused, 2),
    *rows("tencent", "InvalidParameter.EngineImageDecodeFailed", ErrorKind.IMAGE_FIXABLE, ImageRefused, 2),
    *rows("tencent", "FailedOperation.FileDecodeFailed", ErrorKind.IMAGE_FIXABLE, ImageRefused, 2),
    *rows("tencent", "FailedOperation.PDFParseFailed", ErrorKind.IMAGE_FIXABLE, ImageRefused, 2),
    *rows("tencent", "FailedOperation.ImageNoText FailedOperation.EmptyImageError", ErrorKind.EMPTY, None, 1),
    *rows("tencent", "FailedOperation.ImageNoIdCard", ErrorKind.REJECTED, DocumentTypeMismatch, 1),
    *rows("tencent", "FailedOperation.MultiCardError", ErrorKind.REJECTED, DocumentTypeMismatch, 1),
    *rows("tencent", "FailedOperation.NoBankCardError", ErrorKind.REJECTED, DocumentTypeMismatch, 1),
    *rows("tencent", "FailedOperation.IllegalBankCardError", ErrorKind.REJECTED, DocumentTypeMismatch, 1),
    *rows("tencent", "FailedOperation.CardSideError", ErrorKind.REJECTED, DocumentTypeMismatch, 1),
    *rows("tencent", "FailedOperation.ImageNoSpecifiedCard", ErrorKind.REJECTED, DocumentTypeMismatch, 1),
    *rows("tencent", "FailedOperation.IdCardInfoIllegal", ErrorKind.REJECTED, DocumentTypeMismatch, 1),
    *rows(
        "tencent",
        "FailedOperation.IdCardTooSmall FailedOperation.ImageBlur",
        ErrorKind.REJECTED,
        DocumentTypeMismatch,
        1,
    ),
    *rows("tencent", "FailedOperation.ImageNoHandWrite", ErrorKind.EMPTY, None, 1),
    *rows("tencent", "FailedOperation.UnKnowFileTypeError", ErrorKind.IMAGE_FIXABLE, ImageRefused, 2),
    *rows("tencent", "FailedOperation.LanguageNotSupport", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("tencent", "AuthFailure AuthFailure.SignatureExpire", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("tencent", "AuthFailure.SecretIdNotFound AuthFailure.SignatureFailure", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("tencent", "AuthFailure.TokenFailure AuthFailure.UnauthorizedOperation", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("tencent", "UnauthorizedOperation UnsupportedOperation", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("tencent", "InvalidParameter InvalidParameterValue", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("tencent", "InvalidParameterValue.InvalidParameterValueLimit", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("tencent", "MissingParameter UnknownParameter", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("aliyun", "Throttling Throttling.User Throttling.Api THROTTLING", ErrorKind.THROTTLED, Throttled, 5),
    *rows("aliyun", "throttling.user ThrottlingException", ErrorKind.THROTTLED, Throttled, 5),
    *rows("aliyun", "algorithmError AlgorithmError ServiceUnavailable", ErrorKind.TRANSIENT, EngineFailed, 5),
    *rows("aliyun", "serviceUnavailable InternalError", ErrorKind.TRANSIENT, EngineFailed, 5),
    *rows("aliyun", "IllegalImageUrl illegalImageUrl", ErrorKind.TRANSIENT, EngineFailed, 5),
    *rows("aliyun", "exceededImageContent ExceededImageContent", ErrorKind.IMAGE_FIXABLE, ImageRefused, 2),
    *rows("aliyun", "illegalImageSize IllegalImageSize", ErrorKind.IMAGE_FIXABLE, ImageRefused, 2),
    *rows("aliyun", "unsupportedImageFormat UnsupportedImageFormat", ErrorKind.IMAGE_FIXABLE, ImageRefused, 2),
    *rows("aliyun", "noPermission NoPermission ocrServiceNotOpen", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("aliyun", "OcrServiceExpired ocrServiceExpired", ErrorKind.QUOTA, QuotaExhausted, 1),
    *rows("aliyun", "invalidStsToken InvalidStsToken illegalSignature", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("aliyun", "SignatureDoesNotMatch IncompleteSignature", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("aliyun", "InvalidAccessKeyId.NotFound InvalidAccessKeyId.Inactive", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("aliyun", "InvalidTimeStamp.Expired Forbidden.RAM", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("aliyun", "MissingParameter InvalidParameter", ErrorKind.CONFIG, ProviderDenied, 1),
    *rows("aliyun", "unmatchedImageType UnmatchedImageType", ErrorKind.REJECTED, DocumentTypeMismatch, 1),
    *rows("aliyun", "ExceededFaceBackCount", ErrorKind.REJECTED, DocumentTypeMismatch, 1),
]
STATUS = {ErrorKind.THROTTLED: 429, ErrorKind.TRANSIENT: 503, ErrorKind.CONFIG: 401, ErrorKind.QUOTA: 401}
UNKNOWN = [
    "NoSuchCode",
    "FailedOperation.NeverHeardOf",
    "987654",
    "x" * 50_000,
    "a." * 5_000,
    "..",
    "发票\u202e💥\x00",
    " ",
]


def reply(provider: str, code: str, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """An error as the service writes it: Baidu's codes are numbers, and only Alibaba Cloud's come with a status."""
    forms: dict[str, object] = {
        "baidu": {"log_id": 1, "error_code": int(code) if code.isdecimal() else code, "error_msg": "no"},
        "tencent": {"Response": {"Error": {"Code": code, "Message": "no"}, "RequestId": "r"}},
        "aliyun": {"RequestId": "r", "HostId": "h", "Code": code, "Message": "no", "Recommend": "u"},
    }
    return Reply(status, headers or {}, msgspec.json.encode(forms[provider]))


def failure(provider: str, answer: Reply) -> CallFailed:
    """What the provider's own code makes of an answer."""
    with pytest.raises(CallFailed) as raised:
        MODULES[provider]._checked(answer)
    return raised.value


@pytest.fixture
def page(tmp_path: Path) -> PageImage:
    return page_of(noise(300, 200), tmp_path)


def outcome(failed: CallFailed, page: PageImage, clock: Clock, mode: str = "general") -> tuple[object, int]:
    """The error class left of a failure that never ends (none: an empty page), and the calls made."""
    service = Service(clock, failed)
    options = msgspec.convert({"providers": ["baidu"], "mode": mode}, Options)
    try:
        assert ask(service, page, clock, options=options).text == ""
    except FolioError as error:
        return type(error), len(service.sent)
    return None, len(service.sent)


@pytest.mark.parametrize(("provider", "code", "kind", "error", "calls"), TABLE, ids=lambda value: str(value)[:60])
def test_every_code_of_the_facts_is_met_as_the_table_says(
    provider: str, code: str, kind: ErrorKind, error: type | None, calls: int, page: PageImage, clock: Clock
) -> None:
    failed = failure(provider, reply(provider, code, STATUS.get(kind, 400) if provider == "aliyun" else 200))
    assert (failed.kind, failed.code) == (kind, code)
    assert outcome(failed, page, clock) == (error, calls)


@pytest.mark.parametrize("provider", MODULES)
def test_the_table_holds_every_code_the_provider_knows(provider: str) -> None:
    listed = {code for name, code, *_ in TABLE if name == provider}
    # The bare class of a code stands for those below it.
    classes = {code.partition(".")[0] for code in listed}
    assert [code for code in MODULES[provider].CODES if code not in listed | classes] == []


@pytest.mark.parametrize("kind", ErrorKind)
def test_every_fault_has_a_treatment_and_a_row_of_the_table(kind: ErrorKind) -> None:
    assert kind in RETRY_POLICY
    assert any(row[2] is kind for row in TABLE)


@pytest.mark.parametrize("provider", MODULES)
@pytest.mark.parametrize("code", UNKNOWN, ids=lambda code: ascii(code)[:20])
def test_an_unknown_code_is_tried_once_more_and_then_a_failed_page(
    provider: str, code: str, page: PageImage, clock: Clock
) -> None:
    failed = failure(provider, reply(provider, code, 400 if provider == "aliyun" else 200))
    assert failed.kind is ErrorKind.TRANSIENT_ONCE
    assert outcome(failed, page, clock) == (EngineFailed, 2)


@pytest.mark.parametrize("code", UNKNOWN, ids=lambda code: ascii(code)[:20])
def test_the_error_names_provider_and_code_shortly_and_on_one_line(code: str) -> None:
    for kind in ErrorKind:
        message = CallFailed(kind, f"{code}\nsecond line").error("baidu").message
        assert message.startswith("baidu ")
        assert len(message) < 200
        assert message.isprintable()


def test_an_empty_code_is_no_crash(page: PageImage, clock: Clock) -> None:
    assert failure("tencent", reply("tencent", "")).kind is ErrorKind.TRANSIENT_ONCE
    assert failure("aliyun", reply("aliyun", "", 400)).kind in (ErrorKind.TRANSIENT, ErrorKind.TRANSIENT_ONCE)
    assert failure("aliyun", reply("aliyun", "", 503)).kind is ErrorKind.TRANSIENT
    assert outcome(CallFailed(ErrorKind.TRANSIENT_ONCE, ""), page, clock) == (EngineFailed, 2)


def test_what_is_too_much_on_a_card_is_not_halved(page: PageImage, clock: Clock) -> None:
    assert outcome(CallFailed(ErrorKind.DENSE, "282000"), page, clock, "id_card") == (EngineFailed, 2)


def test_the_longest_entry_decides() -> None:
    table = {"A": ErrorKind.CONFIG, "A.B": ErrorKind.QUOTA}
    assert classify("A.B.C", table, ErrorKind.EMPTY) is ErrorKind.QUOTA
    assert classify("A.C", table, ErrorKind.EMPTY) is ErrorKind.CONFIG
    assert classify("AB", table, ErrorKind.EMPTY) is ErrorKind.EMPTY
    assert classify("", table, ErrorKind.EMPTY) is ErrorKind.EMPTY


@pytest.mark.parametrize(
    ("error", "retryable"),
    [(QuotaExhausted, False), (ProviderDenied, False), (DocumentTypeMismatch, False), (ImageRefused, False),
     (Throttled, True), (EngineFailed, True)],
)  # fmt: skip
def test_only_what_may_pass_is_retried_by_the_doors(error: type[FolioError], retryable: bool) -> None:
    assert error.retryable is retryable
    assert issubclass(error, Misconfigured) is (error in (QuotaExhausted, ProviderDenied))
