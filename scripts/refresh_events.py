"""Put the size and ETag of the sample documents into events/, and the MD5 of every queue message.

Run: .venv/bin/python scripts/refresh_events.py [--check]
An event is about the sample of the same ending; superseded.json tells of an older version on purpose.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EVENTS = ROOT / "events"
SAMPLES = {".pdf": "english.pdf", ".png": "chinese.png"}
OTHER_VERSION = {"superseded.json"}


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def refreshed(value: Any) -> Any:
    """The event with every description of a sample brought up to date, in queue messages too."""
    if isinstance(value, list):
        return [refreshed(item) for item in value]
    if not isinstance(value, dict):
        return value
    new = {name: refreshed(item) for name, item in value.items()}
    sample = SAMPLES.get(Path(str(new.get("key"))).suffix)
    for name in new.keys() & {"eTag", "etag", "size"} if sample else ():
        data = (ROOT / "tests" / "data" / str(sample)).read_bytes()
        new[name] = len(data) if name == "size" else md5(data)
    if "md5OfBody" in new:
        new["body"] = refreshed_body(new["body"])
        new["md5OfBody"] = md5(new["body"].encode())
    return new


def refreshed_body(body: str) -> str:
    """A message's body as its sender writes it: compact. What is no JSON stays as it is."""
    try:
        return json.dumps(refreshed(json.loads(body)), ensure_ascii=False, separators=(",", ":"))
    except json.JSONDecodeError:
        return body


def text(file: Path) -> str:
    """What the file should hold."""
    event = json.loads(file.read_text("utf-8"))
    new = event if file.name in OTHER_VERSION else refreshed(event)
    return json.dumps(new, indent=2, ensure_ascii=False) + "\n"


def outdated() -> list[Path]:
    return [file for file in sorted(EVENTS.glob("*.json")) if file.read_text("utf-8") != text(file)]


def main() -> None:
    files = outdated()
    for file in files:
        print(f"{file.relative_to(ROOT)} is out of date")
        if "--check" not in sys.argv:
            file.write_text(text(file), "utf-8")
    if files and "--check" in sys.argv:
        sys.exit("Run scripts/refresh_events.py and commit what changes.")


if __name__ == "__main__":
    main()
