"""Draw papers: `python -m tests.benchmarks.papers FOLDER [--count N]`; the same seed draws the same ones.

Writes an image of each, clean, scanned, "photographed" and folded, and `index.jsonl`: `file`, `kind`, `how`, `fields`,
`items`. With `--how telephone` or `copied` they are as telephones take them, or copies with a watermark: harder ones.
Needs a Chinese font.
"""

import argparse
import json
from pathlib import Path

import cv2

from tests.benchmarks.papers.draw import HARDER, HOWS, KINDS, draw, shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=4, help="of each kind, how they are shown in turn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--how", choices=(*HOWS, *HARDER), help="how all of them are shown")
    parser.add_argument("--kind", choices=KINDS, action="append", help="kinds, if not all")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for kind in asked.kind or KINDS:
        for number in range(asked.seed, asked.seed + asked.count):
            how = asked.how or HOWS[number % len(HOWS)]
            paper = draw(kind, number)
            name = f"{kind}-{number}-{how}.{'png' if how == 'clean' else 'jpg'}"
            cv2.imwrite(str(asked.folder / name), shown(paper.image, how, number))
            rows.append({"file": name, "kind": paper.kind, "how": how, "fields": paper.fields, "items": paper.items})
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (asked.folder / "index.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
