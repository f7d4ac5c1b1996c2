"""A storm of faults: documents through the upload handler against services that fail 30% of the calls.

Several threads deliver at once. A function of AWS Lambda has one event at a time, so in reality they would be pages of
one document; what matters is that they share one process, and with it the rate limits.
"""

import io
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from msgspec import Struct
from PIL import Image

from folio import keys
from folio.models import encode
from tests.fakes.cloud.baidu import BaiduServer
from tests.fakes.cloud.faults import Fault, Kind, code
from tests.fakes.cloud.server import Call, CloudServer
from tests.support.aws.inbox import Inbox
from tests.support.clouds import CLOUDS, KEYS, cloud_servers, variables
from tests.support.documents.cards import png
from tests.support.documents.drawings import draw
from tests.support.processes.running import alongside
from tests.support.sizes import size
from tests.support.tools import needs_tools

pytestmark = needs_tools

DOCUMENTS = size(60, full=200)
QPS = 4  # of each operation at the servers; without the buckets the threads go beyond it
RATE = 3  # Folio's; a machine under load delivers late, and so closer together than it was started
THREADS = 6
CALL_ATTEMPTS = 5
ATTEMPTS = 3  # deliveries, then the dead-letter queue
MARGIN = 1.0
IN_TIME = 0.25  # seconds a call may be under way to the server's clock

FAULTS: list[Kind | Fault] = [
    *("throttle", "hang", "reset", "garbage", "drip", "internal", "server_error"),
    Fault("retry_after", "1"),
    Fault("server_error", "503"),
    code("SomethingNew.Altogether"),
]
OF_BAIDU: list[Kind | Fault] = ["token_expired", code("216630"), code("2")]
CHAINS = [("baidu", "aliyun", "tencent"), ("aliyun", "tencent", "baidu"), ("tencent", "baidu", "aliyun")]
WORDS = ("hazel", "alder", "birch", "hornbeam", "maple", "beech", "juniper", "rowan", "elder", "hawthorn")


class Parcel(Struct):
    """One document: what is put into the bucket, what is to come of it, and what became of it."""

    key: str
    body: bytes
    options: dict[str, str] = {}
    text: str | None = None  # of a result; or else an error is expected
    pages: int = 1
    width: int = 0  # of the image, where no other document has one as wide
    seconds: float = 60.0  # for the first delivery
    spans: list[tuple[float, float, float]] = []  # of each delivery: when it began, had to end, and did end
    done: bool = False


def text_of(number: int) -> tuple[str, str]:
    """Two lines, of twenty kinds."""
    return f"{WORDS[number % 10]} parcel", f"number {WORDS[number % 20 // 2]}"


def picture(number: int, width: int = 520) -> Image.Image:
    return draw(*text_of(number), size=(width, 260), at=(40, 30), step=3.2, gap=0.45).image


def pages(numbers: list[int]) -> bytes:
    first, *others = (picture(number) for number in numbers)
    target = io.BytesIO()
    first.save(target, "TIFF", save_all=True, append_images=others, compression="tiff_lzw")
    return target.getvalue()


def parcels() -> Iterator[Parcel]:
    """Each kind is spread over the whole storm."""
    for number in range(DOCUMENTS):
        key, kind = f"in/{number:03}.png", number % 20
        mode = {"mode": ("general", "accurate")[number // 20 % 2]}
        text = " ".join(text_of(number))
        match kind:
            case 0:
                yield Parcel(key, b"\x00no document at all")
            case 1:
                yield Parcel(key, png(picture(number)), {"max_calls": "0"})
            case 2:
                yield Parcel(key, png(Image.new("L", (500, 200), 255)), text="")
            case 3 | 4:
                numbers = list(range(number, number + 4))
                whole = " ".join(" ".join(text_of(one)) for one in numbers)
                yield Parcel(f"{key}.tiff", pages(numbers), mode, whole, pages=4)
            case 5 | 6:
                only = {"provider": ("tencent", "aliyun")[kind - 5]}
                yield Parcel(key, png(picture(number)), mode | only, text)
            case 7 | 8:
                # Time for a call or two, so that it runs out amid them; the first has none, whatever the services do.
                seconds = MARGIN + (kind - 6) * 0.8 if number >= 8 else MARGIN + 0.01
                yield Parcel(key, png(picture(number, 600 + number)), mode, text, 1, 600 + number, seconds)
            case _:
                chain = {"providers": ",".join(CHAINS[number % len(CHAINS)])}
                yield Parcel(key, png(picture(number)), mode | chain, text)


def deliver(parcel: Parcel, inbox: Inbox) -> Parcel:
    """As the queue does: again until it is done with, or until it was tried often enough."""
    etag = inbox.put(parcel.key, parcel.body, **parcel.options)
    for attempt in range(1, ATTEMPTS + 1):
        seconds = parcel.seconds if attempt == 1 else 60.0
        began = time.monotonic()
        parcel.done = inbox.deliver(parcel.key, etag, attempt, seconds)
        parcel.spans.append((began, began + seconds - MARGIN, time.monotonic()))
        if parcel.done:
            break
    return parcel


class Storm(Struct):
    """All that there is to look at when it is over."""

    inbox: Inbox
    servers: dict[str, CloudServer]
    parcels: list[Parcel]
    began: float
    seconds: float
    lag: float  # the longest that this machine kept a thread waiting meanwhile

    def calls(self) -> list[Call]:
        return [call for server in self.servers.values() for call in server.calls]


@pytest.fixture
def storm(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storm]:
    settings = {
        "PROVIDERS": ",".join(CHAINS[0]),
        "QPS": ",".join(f"{name}={RATE}" for name in CLOUDS),
        "CALL_TIMEOUT": "2",
        "CALL_ATTEMPTS": str(CALL_ATTEMPTS),
        "PAGE_TIMEOUT": "20",
        "MAX_ATTEMPTS": str(ATTEMPTS),
        "MARGIN": str(MARGIN),
        "JOBS": "12",  # so that no page waits for another document's
    }
    with cloud_servers(qps=QPS, hang_seconds=3, drip_seconds=0.05) as servers:
        for name, value in variables(servers).items():
            monkeypatch.setenv(name, value)
        for name, value in settings.items():
            monkeypatch.setenv(f"FOLIO_{name}", value)
        # One before the storm, as a warm function has it: everything is made that all threads share.
        assert inbox.read("first.png", png(picture(0)))
        for name, server in servers.items():
            server.storm(0.3, FAULTS + (OF_BAIDU if name == "baidu" else []), seed=4)
        yield rage(inbox, servers)


def rage(inbox: Inbox, servers: dict[str, CloudServer]) -> Storm:
    all_, began = list(parcels()), time.monotonic()
    half = DOCUMENTS // 2
    with lagging() as lag, ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(deliver, all_[:half], itertools.repeat(inbox)))
        servers["baidu"].script("quota")
        done += pool.map(deliver, all_[half:], itertools.repeat(inbox))
    return Storm(inbox, servers, done, began, time.monotonic() - began, max(lag))


@contextmanager
def lagging() -> Iterator[list[float]]:
    """How late a thread wakes up that wants to every 50 ms."""
    lags = [0.0]

    def tick(over: threading.Event) -> None:
        due = time.monotonic()
        while not over.is_set():
            due = max(due, time.monotonic()) + 0.05
            over.wait(due - time.monotonic())
            lags.append(time.monotonic() - due)

    with alongside(tick):
        yield lags


@pytest.mark.soak
@pytest.mark.slow("the services take three calls a second, and some of them hang until they are given up")
def test_a_storm_of_faults_leaves_a_result_or_an_error_of_every_document(
    storm: Storm, tell: Callable[[str], None]
) -> None:
    report(storm, tell)
    check_endings(storm)
    check_texts(storm)
    check_deadlines(storm)
    check_budgets(storm)
    check_rates(storm)
    check_quota(storm)
    check_logs(storm)


def report(storm: Storm, tell: Callable[[str], None]) -> None:
    delivered = Counter(len(parcel.spans) for parcel in storm.parcels)
    tell(f"storm: threads were kept waiting for up to {storm.lag:.2f} s")
    longest = max(ended - began for parcel in storm.parcels for began, _, ended in parcel.spans)
    tell(f"{storm.seconds:.0f} s, the longest delivery {longest:.1f} s; documents by deliveries: {dict(delivered)}")
    tell(f"{len(storm.calls())} calls for {to_read(storm)} pages that had to be read")
    for name, server in storm.servers.items():
        tell(f"{name}: {len(server.calls)} calls, {len(server.violations)} violations, {Counter(server.outcomes())}")


def check_endings(storm: Storm) -> None:
    assert [parcel.key for parcel in storm.parcels if not parcel.done] == [], "in the dead-letter queue"
    there = set(storm.inbox.keys())
    for parcel in storm.parcels:
        ends = {keys.result_key(parcel.key), keys.error_key(parcel.key)} & there
        assert ends == {(keys.error_key if parcel.text is None else keys.result_key)(parcel.key)}
    assert len(there) == 2 * (DOCUMENTS + 1)


def check_texts(storm: Storm) -> None:
    for parcel in storm.parcels:
        if parcel.text is not None:
            result = storm.inbox.result(parcel.key)
            assert (result.status, result.text.split()) == ("complete", parcel.text.split())
            assert len(result.pages) == parcel.pages
            assert all(page.provider in CLOUDS for page in result.pages if page.origin == "ocr")


def check_deadlines(storm: Storm) -> None:
    """No call began after its delivery's deadline; a document's calls can be told by the width of its picture."""
    marked = [parcel for parcel in storm.parcels if parcel.width]
    assert any(len(parcel.spans) > 1 for parcel in marked), "for some the time was too short"
    for parcel in marked:
        for call in storm.calls():
            if call.width == parcel.width:
                assert any(began <= call.moment <= end + IN_TIME + storm.lag for began, end, _ in parcel.spans)
    for parcel in storm.parcels:
        for _, end, ended in parcel.spans:
            assert ended <= end + MARGIN + 2 * storm.lag, "and what was under way then is given up, in order"


def check_budgets(storm: Storm) -> None:
    for parcel in storm.parcels:
        if parcel.text is not None:
            calls = storm.inbox.result(parcel.key).cost.calls
            assert calls <= parcel.pages * most_for_a_page(), parcel.key
            assert (calls == 0) == (parcel.text == ""), "a blank page costs nothing"
    read, total = to_read(storm), len(storm.calls())
    assert total <= read * most_for_a_page()
    assert total <= 3 * read, "three in ten fail: fewer than two calls a page are needed on the average"


def to_read(storm: Storm) -> int:
    """Pages with text, as often as they were delivered."""
    return sum(parcel.pages * len(parcel.spans) for parcel in storm.parcels if parcel.text)


def most_for_a_page() -> int:
    """Each provider's attempts; and Baidu's on two halves, where it says that a page is too much at once."""
    return CALL_ATTEMPTS * (len(CLOUDS) + 2)


def check_rates(storm: Storm) -> None:
    for server in storm.servers.values():
        assert [call for call in server.violations if call.moment > storm.began + 1] == []
        assert len(server.calls) > 10, "everybody was asked"


def check_quota(storm: Storm) -> None:
    """Baidu is asked no more in the mode whose quota is used up, but for what was under way by then."""
    calls = storm.servers["baidu"].calls
    (gone,) = (call for call in calls if call.outcome == "quota")
    after = [call for call in calls if call.operation == gone.operation and call.moment > gone.moment]
    assert len(after) <= THREADS * CALL_ATTEMPTS
    assert [call for call in after if call.moment > gone.moment + 20] == []


def check_logs(storm: Storm) -> None:
    said = encode(storm.inbox.log()).decode()
    secrets = [value for keys in KEYS.values() for value in keys.values()]
    assert [word for word in (*WORDS, "parcel", *secrets, "access_token") if word in said] == []
    assert "Unexpected fault" not in said


def test_calls_that_waited_for_a_token_keep_their_distance(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow token must not bunch up the calls that need it."""
    with cloud_servers(qps=5) as slow:
        for name, value in (variables(slow) | {"FOLIO_QPS": "baidu=5", "FOLIO_JOBS": "4"}).items():
            monkeypatch.setenv(name, value)
        baidu = slow["baidu"]
        assert isinstance(baidu, BaiduServer)
        baidu.script_token(Fault("hang", "1.5"))
        inbox.read("eight.tiff", pages(list(range(8))), provider="baidu")
        assert (len(baidu.calls), baidu.violations) == (8, [])
