"""The part of a cloud OCR service that all of them share: its records, its rate limit and its faults."""

import time
from collections.abc import Mapping, Sequence
from typing import ClassVar

from msgspec import Struct

from tests.fakes.cloud.faults import Fault, Kind, Plan, as_faults
from tests.fakes.cloud.wire import Reply, Request, TlsFiles, WireServer, html_reply


class Call(Struct):
    """One call of an operation. `moment` is time.monotonic() when it arrived; the picture's figures are 0 where the
    call was answered before anybody looked at it.
    """

    operation: str
    moment: float
    outcome: str = ""
    width: int = 0
    height: int = 0
    bytes: int = 0
    params: dict[str, str] = {}


class Refused(Exception):
    """The service answers this error code."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class CloudServer(WireServer):
    """A service with operations, credentials and a rate limit of its own.

    A test reads `calls` (in the order of their arrival), `violations` (the calls beyond an operation's rate, which were
    answered as throttled) and `urls` (every request's target as it came, with its query).
    """

    THROTTLED: ClassVar[str]
    QUOTA: ClassVar[str]
    INTERNAL: ClassVar[str]
    QPS: ClassVar[Mapping[str, float]]  # the operations, and how many calls a second each allows

    def __init__(
        self,
        *,
        qps: Mapping[str, float] | float | None = None,
        tls: TlsFiles | None = None,
        keep_alive: bool = True,
        hang_seconds: float = 5,
        drip_seconds: float = 0.3,
    ) -> None:
        super().__init__(tls, keep_alive=keep_alive, drip_seconds=drip_seconds)
        self.calls: list[Call] = []
        self.violations: list[Call] = []
        self.urls: list[str] = []
        self.hang_seconds = hang_seconds
        self.skew = 0.0  # by how many seconds the service's clock is ahead
        self._plan = Plan()
        self._limits = dict(self.QPS) | (dict(qps) if isinstance(qps, Mapping) else {})
        if isinstance(qps, int | float):
            self._limits = dict.fromkeys(self.QPS, float(qps))
        self._admitted: dict[str, list[float]] = {name: [] for name in self.QPS}

    # What a test uses

    def script(self, *faults: Kind | Fault) -> None:
        """The next calls fail so, in the order in which they arrive; calls refused for their signature do not count."""
        self._plan.script(self._known(faults))

    def storm(self, rate: float, faults: Sequence[Kind | Fault], seed: int = 0) -> None:
        """From now on this share of the calls fails, in one of these ways."""
        self._plan.storm(rate, self._known(faults), seed)

    def outcomes(self, operation: str = "") -> list[str]:
        with self.lock:
            return [call.outcome for call in self.calls if operation in ("", call.operation)]

    def now(self) -> float:
        """The time of day at the service."""
        return time.time() + self.skew

    # What a service says for itself

    def elsewhere(self, request: Request, moment: float) -> tuple[Reply, Fault | None] | None:  # noqa: ARG002
        """The answer to a request that is for no operation, as `respond` gives it."""
        return None

    def operation(self, request: Request) -> str:
        """The name of what is called; it need not exist."""
        raise NotImplementedError

    def authorize(self, request: Request) -> None:
        raise NotImplementedError

    def accept(self, request: Request, call: Call) -> bytes:
        """The picture, once it is found to be within the limits; the call's record is filled in."""
        raise NotImplementedError

    def answer(self, call: Call, image: bytes) -> Reply:
        raise NotImplementedError

    def refuse(self, code: str, message: str = "") -> Reply:
        raise NotImplementedError

    def slow_down(self, seconds: float) -> Reply:
        """The answer that says when to come back."""
        return html_reply(429, Retry_After=f"{seconds:g}")

    def expire_tokens(self) -> Reply:
        raise ValueError(f"{type(self).__name__} hands out no tokens")

    def unknown(self, operation: str) -> Refused:
        """There is no such operation."""
        raise NotImplementedError

    # How a request is worked off

    def respond(self, request: Request, moment: float) -> tuple[Reply, Fault | None]:
        with self.lock:
            self.urls.append(request.target)
        if answered := self.elsewhere(request, moment):
            return answered
        call = Call(self.operation(request), moment)
        with self.lock:
            self.calls.append(call)
        try:
            return self._worked(request, call)
        except Refused as refused:
            call.outcome = refused.code
            return self.refuse(refused.code, refused.message), None

    def _worked(self, request: Request, call: Call) -> tuple[Reply, Fault | None]:
        if call.operation not in self.QPS:
            raise self.unknown(call.operation)
        self.authorize(request)
        if not self._admits(call):
            raise Refused(self.THROTTLED)
        image, refused = self._looked_at(request, call)
        fault = self._plan.next()
        if fault:
            call.outcome = fault.value if fault.kind == "code" else fault.kind
            if reply := self.fail(fault):
                return reply, fault
        if refused:
            raise refused
        reply = self.answer(call, image)
        call.outcome = call.outcome or "ok"
        return reply, fault

    def _looked_at(self, request: Request, call: Call) -> tuple[bytes, Refused | None]:
        """A failing call's record shows its picture too; what is wrong with a picture matters after the fault only."""
        try:
            return self.accept(request, call), None
        except Refused as refused:
            return b"", refused

    def _admits(self, call: Call) -> bool:
        with self.lock:
            admitted = [moment for moment in self._admitted[call.operation] if moment > call.moment - 1.0]
            if within := len(admitted) < self._limits[call.operation]:
                admitted.append(call.moment)
            else:
                self.violations.append(call)
            self._admitted[call.operation] = admitted
            return within

    def fail(self, fault: Fault) -> Reply | None:
        """The answer to a failing call, or None where the answer is right and only its way is troubled."""
        match fault.kind:
            case "throttle":
                return self.refuse(self.THROTTLED)
            case "quota":
                return self.refuse(self.QUOTA)
            case "internal":
                return self.refuse(self.INTERNAL)
            case "code":
                return self.refuse(fault.value)
            case "retry_after":
                return self.slow_down(fault.seconds(1))
            case "token_expired":
                return self.expire_tokens()
            case _:
                return self._break(fault)

    def _break(self, fault: Fault) -> Reply | None:
        match fault.kind:
            case "server_error":
                return html_reply(int(fault.value or 500))
            case "garbage":
                return Reply(200, b"\xef\xbb\xbf{ it works! ", {"Content-Type": "text/plain"})
            case "hang":
                return html_reply(503) if self.stopping.wait(fault.seconds(self.hang_seconds)) else None
            case _:
                return None

    def _known(self, faults: Sequence[Kind | Fault]) -> list[Fault]:
        known = as_faults(faults)
        if any(fault.kind == "token_expired" for fault in known) and "expire_tokens" not in vars(type(self)):
            raise ValueError(f"{type(self).__name__} hands out no tokens")
        return known
