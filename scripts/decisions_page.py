"""The index of docs/decisions.md: by room, with what became of each decision, as the entries themselves say it."""

import re
from collections import defaultdict

ENTRY = re.compile(
    r"^## (?P<title>(?P<date>\d{4}-\d\d-\d\d) (?P<name>.+))\n\nRooms: (?P<rooms>`.+`)\. Status: (?P<status>.+)\.$",
    re.MULTILINE,
)
BEGIN, END = "<!-- index: `make generate` writes it -->\n", "<!-- end of the index -->\n"


def with_index(text: str) -> str:
    """Return the page with its index written anew. Raises ValueError for an entry without rooms and status."""
    head, _, rest = text.partition(BEGIN)
    _, _, entries = rest.partition(END)
    if without := set(re.findall(r"^## (.+)$", entries, re.MULTILINE)) - {entry["title"] for entry in _found(entries)}:
        raise ValueError(f"docs/decisions.md: no line `Rooms: … Status: ….` below {', '.join(sorted(without))}")
    return head + BEGIN + "\n" + _index(entries) + "\n" + END + entries


def anchor(heading: str) -> str:
    """Return the name GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _found(entries: str) -> list[re.Match[str]]:
    return list(ENTRY.finditer(entries))


def _index(entries: str) -> str:
    rows = defaultdict(list)
    for entry in _found(entries):
        link = f"[{entry['name']}](#{anchor(entry['title'])})"
        state = "superseded" if entry["status"].startswith("superseded by") else "in force"
        for room in re.findall(r"`([\w.]+)`", entry["rooms"]):
            rows[room].append(f"| `{room}` | {link} | {entry['date']} | {state} |\n")
    lines = [line for room in sorted(rows) for line in rows[room]]
    return "| room | decision | date | status |\n| --- | --- | --- | --- |\n" + "".join(lines)
