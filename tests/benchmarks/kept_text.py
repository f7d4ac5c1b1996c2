"""Whether Markdown, HTML, docx, chunks and Textract's answer have every letter and digit of results' pages, once.

Run: .venv/bin/python -m tests.benchmarks.kept_text RESULTS [RESULTS ...]

RESULTS are folders with *.ocr.json. Blocks are found anew. Running heads and page numbers are not wanted.
"""

import argparse
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from folio.models import Result, decode
from folio.structure.layout.blocks import with_blocks
from tests.support.kept_text import characters, differences


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=Path, nargs="+")
    missing, surplus = Counter[str](), Counter[str]()
    pages = total = 0
    for path in sorted(path for folder in parser.parse_args().results for path in folder.rglob("*.ocr.json")):
        for page in decode(path.read_bytes(), Result).pages:
            if page.origin == "document" or not page.lines:
                continue
            whole = with_blocks(msgspec.structs.replace(page, blocks=()))
            with TemporaryDirectory() as folder:
                found = differences(whole, Path(folder))
            pages, total = pages + 1, total + characters(" ".join(line.text for line in page.lines)).total()
            for name, (lost, more) in found.items():
                missing[name] += len(lost)
                surplus[name] += len(more)
                print(f"{path.name} page {page.number}, {name}: {len(lost)} missing, {len(more)} too many")
    print(f"{pages} pages, {total} letters and digits; missing {dict(missing)}, too many {dict(surplus)}")


if __name__ == "__main__":
    main()
