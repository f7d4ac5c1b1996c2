"""Baidu's OCR service on loopback: tokens or bce-auth-v1, forms, and HTTP 200 whatever happens."""

import base64
import hmac
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, urlencode
from uuid import uuid4

from tests.fakes.cloud import baidu_answers
from tests.fakes.cloud.faults import Fault, Kind, Plan, as_faults
from tests.fakes.cloud.limits import MB, Codes, Limits, check
from tests.fakes.cloud.server import Call, CloudServer, Refused
from tests.fakes.cloud.wire import Reply, Request, json_reply

API_KEY = "baidu-api-key"
SECRET_KEY = "baidu-secret-key"
SCOPE = "public brain_all_scope vis-ocr_ocr brain_ocr_scope brain_ocr_general brain_ocr_idcard wise_adapt"
TOKEN = "/oauth/2.0/token"
FOLDER = "/rest/2.0/ocr/v1/"
FORM = "application/x-www-form-urlencoded"
DAYS_30 = 2_592_000

FORMATS = frozenset({"JPEG", "MPO", "PNG", "BMP"})
LARGE = Limits(10 * MB, FORMATS, shortest=15, longest=8192)
MEDIUM = Limits(8 * MB, FORMATS, shortest=15, longest=8192)
SMALL = Limits(8 * MB, FORMATS, shortest=15, longest=4096)
LIMITS = {
    "general": SMALL,
    "general_basic": SMALL,
    "accurate": LARGE,
    "accurate_basic": LARGE,
    "handwriting": SMALL,
    "table": MEDIUM,
    "idcard": MEDIUM,
    "bankcard": MEDIUM,
    "vat_invoice": SMALL,
}
CODES = Codes(size="216202", format="216201", sides="216202")
MESSAGES = {
    "1": "Unknown error",
    "2": "Service temporarily unavailable",
    "3": "Unsupported openapi method",
    "4": "Open api request limit reached",
    "6": "No permission to access data",
    "14": "IAM Certification failed",
    "17": "Open api daily request limit reached",
    "18": "Open api qps request limit reached",
    "19": "Open api total request limit reached",
    "100": "Invalid parameter",
    "110": "Access token invalid or no longer valid",
    "111": "Access token expired",
    "216100": "invalid param",
    "216101": "not enough param",
    "216200": "empty image",
    "216201": "image format error",
    "216202": "image size error",
    "216203": "image base64 error",
    "216630": "recognize error",
    "216631": "recognize bank card error",
    "216633": "recognize idcard error",
    "282000": "internal error",
}


class BaiduServer(CloudServer):
    """Tokens come from `url + TOKEN`, operations are at `url + FOLDER + name`.

    `expires_in` is how long a token works; `says_expires_in` is what the answer claims, where the two shall differ.
    """

    THROTTLED, QUOTA, INTERNAL = "18", "17", "282000"
    QPS: ClassVar[dict[str, float]] = dict.fromkeys(LIMITS, 2)

    def __init__(
        self,
        *,
        api_key: str = API_KEY,
        secret_key: str = SECRET_KEY,
        scope: str = SCOPE,
        expires_in: float = DAYS_30,
        says_expires_in: int | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self.api_key, self.secret_key, self.scope = api_key, secret_key, scope
        self.expires_in = expires_in
        self.says_expires_in = int(expires_in) if says_expires_in is None else says_expires_in
        self.token_calls: list[Call] = []
        self._token_plan = Plan()
        self._tokens: dict[str, float] = {}  # when each ends; 0 for one that has been ended

    # What a test uses

    def script_token(self, *faults: Kind | Fault) -> None:
        """As `script`, for the next requests for a token; a code is the `error` of the answer."""
        self._token_plan.script(as_faults(faults))

    def expire_tokens(self) -> Reply:
        """Every token handed out so far is answered with error 111 from now on."""
        with self.lock:
            self._tokens = dict.fromkeys(self._tokens, 0.0)
        return self.refuse("111")

    def forget_tokens(self) -> None:
        """Every token handed out so far is answered with error 110 from now on, as if it had never been one."""
        with self.lock:
            self._tokens = {}

    # Tokens

    def elsewhere(self, request: Request, moment: float) -> tuple[Reply, Fault | None] | None:
        if request.path != TOKEN:
            return None
        call = Call("token", moment)
        with self.lock:
            self.token_calls.append(call)
        fault = self._token_plan.next()
        call.outcome = fault.value if fault and fault.kind == "code" else fault.kind if fault else ""
        reply = self._token_fails(fault) if fault else None
        return reply or self._token(request, call), fault

    def _token_fails(self, fault: Fault) -> Reply | None:
        if fault.kind in ("code", "throttle", "quota", "internal"):
            code = fault.value if fault.kind == "code" else "internal_error"
            return json_reply({"error": code, "error_description": code.replace("_", " ")}, 401)
        return self.fail(fault)

    def _token(self, request: Request, call: Call) -> Reply:
        form = (
            parse_qsl(request.body.decode("latin-1"))
            if request.headers.get("content-type", "").startswith(FORM)
            else []
        )
        asked = dict([*request.query, *form])
        if asked.get("grant_type") != "client_credentials":
            return _no_token(call, "unsupported_grant_type", "The authorization grant type is not supported", 400)
        if asked.get("client_id") != self.api_key:
            return _no_token(call, "invalid_client", "unknown client id", 401)
        if asked.get("client_secret") != self.secret_key:
            return _no_token(call, "invalid_client", "Client authentication failed", 401)
        token = f"24.{uuid4().hex}.{self.says_expires_in}.{int(time.time())}.282335-1"
        with self.lock:
            self._tokens[token] = time.monotonic() + self.expires_in
        call.outcome = call.outcome or "ok"
        answer = {"access_token": token, "expires_in": self.says_expires_in, "scope": self.scope}
        return json_reply(answer | {"refresh_token": f"25.{uuid4().hex}", "session_key": "", "session_secret": ""})

    # Operations

    def operation(self, request: Request) -> str:
        return request.path.removeprefix(FOLDER)

    def unknown(self, operation: str) -> Refused:  # noqa: ARG002
        return Refused("3")

    def authorize(self, request: Request) -> None:
        if "authorization" in request.headers:
            self._check_signature(request)
            return
        token = dict(request.query).get("access_token", "")
        if not token:
            raise Refused("100")
        with self.lock:
            until = self._tokens.get(token)
        if until is None:
            raise Refused("110")
        if time.monotonic() >= until:
            raise Refused("111")

    def _check_signature(self, request: Request) -> None:
        """bce-auth-v1/{key}/{time}/{seconds}/{header names}/{signature}; whatever is wrong, the answer is 14."""
        version, _, rest = request.headers["authorization"].partition("/")
        parts = rest.split("/")
        if version != "bce-auth-v1" or len(parts) != 5:
            raise Refused("14")
        key, moment, seconds, names, signature = parts
        prefix = f"{version}/{key}/{moment}/{seconds}"
        signing_key = hmac.new(self.secret_key.encode(), prefix.encode(), "sha256").hexdigest()
        headers = sorted(f"{quote(name, '')}:{quote(request.headers.get(name, ''), '')}" for name in names.split(";"))
        query = "&".join(sorted(urlencode(request.query).split("&")))
        canonical = "\n".join((request.method, quote(request.path), query, "\n".join(headers)))
        right = hmac.new(signing_key.encode(), canonical.encode(), "sha256").hexdigest()
        if key != self.api_key or "host" not in names.split(";") or not hmac.compare_digest(right, signature):
            raise Refused("14")
        if not -300 <= self.now() - _stamp(moment) <= float(seconds):
            raise Refused("14")

    def accept(self, request: Request, call: Call) -> bytes:
        form = request.headers.get("content-type", "").startswith(FORM)
        fields = dict(parse_qsl(request.body.decode("latin-1"), keep_blank_values=True)) if form else {}
        encoded = fields.pop("image", None)
        call.params = fields
        if encoded is None:
            raise Refused("216101")
        if not encoded:
            raise Refused("216200")
        try:
            image = base64.b64decode(encoded, validate=True)
        except ValueError:  # no ASCII, or no base64
            raise Refused("216203") from None
        limits = LIMITS[call.operation]
        check(image, call, limits, CODES)
        if _sent_size(request.body) > limits.size:
            raise Refused(CODES.size)
        return image

    def answer(self, call: Call, image: bytes) -> Reply:
        return _answered(baidu_answers.OPERATIONS[call.operation](image, call.params))

    def refuse(self, code: str, message: str = "") -> Reply:
        number: int | str = int(code) if code.lstrip("-").isdigit() else code
        text = message or MESSAGES.get(code, "error")
        return _answered({"error_code": number, "error_msg": text})


def _answered(answer: dict[str, Any]) -> Reply:
    return json_reply({"log_id": uuid4().int >> 65} | answer, content_type="application/json;charset=UTF-8")


def _no_token(call: Call, error: str, description: str, status: int) -> Reply:
    call.outcome = error
    return json_reply({"error": error, "error_description": description}, status)


def _stamp(moment: str) -> float:
    try:
        then = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refused("14") from None
    return then.timestamp()


def _sent_size(body: bytes) -> int:
    """The picture's size after base64 and urlencode, which is what the service counts."""
    fields: Sequence[bytes] = body.split(b"&")
    return max((len(field) - len(b"image=") for field in fields if field.startswith(b"image=")), default=0)
