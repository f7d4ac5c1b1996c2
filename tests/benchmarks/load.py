"""Many callers at once on `folio serve`: is every answer the right one, what is refused, and what memory does it take?

Run: python -m tests.benchmarks.load [--clients 50] [--seconds 120]. Each caller sends pictures of words of its own,
some as jobs, and compares what comes back; who is told to wait (429) waits as long as told. Exit code 1 if an
answer was wrong, lost or somebody else's.
"""

import argparse
import io
import random
import statistics
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import requests
from msgspec import Struct

from folio.models import Result, decode
from tests.support.documents.drawings import draw
from tests.support.processes.running import MB, alongside, tree_memory
from tests.support.processes.serving import Api, serving

# Words that Tesseract never mistakes for each other.
WORDS = (
    "lantern", "meadow", "harbour", "window", "garden", "summer", "winter", "paper", "bridge", "market", "river",
    "orange",
    "silver", "copper", "planet", "number", "forest", "kitchen", "morning", "evening",
)  # fmt: skip


class Seen(Struct):
    """What one caller met; `waits` are seconds until an answer that was no refusal."""

    answers: Counter[str]
    waits: list[float]
    wrong: list[str]


def picture(text: str) -> bytes:
    data = io.BytesIO()
    draw(text, size=(1100, 140), at=(40, 40), gap=0.45).image.save(data, "PNG")
    return data.getvalue()


def caller(api: Api, number: int, end: float) -> Seen:
    """One of many: reads its own words over and over, one in eight as a job."""
    chance = random.Random(number)
    seen = Seen(Counter(), [], [])
    while time.monotonic() < end:
        text = " ".join(chance.sample(WORDS, 4))
        begin = time.monotonic()
        try:
            told = _job(api, text) if chance.random() < 1 / 8 else _read(api, text)
        except requests.RequestException as error:
            seen.answers[type(error).__name__] += 1
            seen.wrong.append(f"no answer: {type(error).__name__}")
            continue
        if told.startswith("429"):
            seen.answers["429"] += 1
            time.sleep(float(told.partition(" ")[2]) * chance.uniform(1, 2))
            continue
        seen.waits.append(time.monotonic() - begin)
        kind, _, found = told.partition(" ")
        seen.answers[kind] += 1
        if found.casefold() != text:  # a capital S for a small one is Tesseract's mistake, no mixed answer
            seen.wrong.append(f"{kind}: {text!r} came back as {found!r}")
    return seen


def _read(api: Api, text: str) -> str:
    answer = api.read(picture(text), filename="a.png")
    if answer.status_code == 429:
        return f"429 {answer.headers['Retry-After']}"
    if answer.status_code == 202:
        return _wait(api, answer.json()["id"])
    return f"{answer.status_code} {decode(answer.content, Result).text if answer.ok else answer.text[:200]}"


def _job(api: Api, text: str) -> str:
    answer = api.read(picture(text), filename="a.png", headers={"Prefer": "respond-async"})
    if answer.status_code == 429:
        return f"429 {answer.headers['Retry-After']}"
    return _wait(api, answer.json()["id"])


def _wait(api: Api, job: str) -> str:
    """The text of a job, however long it takes; being told to wait is part of it."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        answer = api.get(f"v1/jobs/{job}")
        if answer.status_code == 429:
            time.sleep(float(answer.headers["Retry-After"]))
            continue
        told = answer.json()
        if told["state"] in ("complete", "partial", "failed"):
            return f"job {decode(api.fetch(told['links']['result']), Result).text if told['links'] else told['error']}"
        time.sleep(0.5)
    return "job lost"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    given = parser.parse_args()
    with serving() as api:
        memory: list[int] = []  # PSS of the server and all it started, in bytes, every second

        def watch(ended: threading.Event) -> None:
            while not ended.wait(1):
                memory.append(tree_memory(api.pid)[2])

        end = time.monotonic() + given.seconds
        with alongside(watch), ThreadPoolExecutor(given.clients) as pool:
            seen = list(pool.map(lambda number: caller(api, number, end), range(given.clients)))
        alive = api.read(picture("lantern meadow"), "text/plain").text
    return report(seen, memory, alive)


def report(seen: list[Seen], memory: list[int], alive: str) -> int:
    answers = sum((one.answers for one in seen), Counter[str]())
    waits = sorted(wait for one in seen for wait in one.waits)
    wrong = [text for one in seen for text in one.wrong]
    print(f"answers: {dict(sorted(answers.items()))}")
    late = waits[int(len(waits) * 0.95)]
    print(f"seconds: median {statistics.median(waits):.1f}, 95 % {late:.1f}, most {waits[-1]:.1f}")
    quarter = max(1, len(memory) // 4)
    first, last = max(memory[quarter : 2 * quarter]) / MB, max(memory[-quarter:]) / MB
    print(f"memory: second quarter {first:.0f} MB, last quarter {last:.0f} MB, most {max(memory) / MB:.0f} MB")
    print(f"callers without any answer: {sum(not one.waits for one in seen)}; afterwards it reads: {alive.strip()!r}")
    print(f"wrong, lost or mixed: {len(wrong)}", *wrong[:10], sep="\n  ")
    return int(bool(wrong) or alive.strip() != "lantern meadow" or last > 2 * first)


if __name__ == "__main__":
    sys.exit(main())
