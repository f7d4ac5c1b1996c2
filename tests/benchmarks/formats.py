"""How much of files' own text is read, and what files made to harm cost: python -m tests.benchmarks.formats [--every N]

300 files: drawn here (OFD, text, HTML, mail, archives, books, presentations), made by python-docx and openpyxl, and
what LibreOffice (soffice, not part of `make setup`) makes of those. Recall is the share of the characters of their
paragraphs that the result has, each paragraph whole.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents import children
from folio.documents.opening import open_document
from folio.errors import Refused
from folio.textlayer.parts import page_texts
from tests.support.documents import traps
from tests.support.documents.slides import fodp
from tests.support.documents.written import FORMS, Source, make_source

_COPIES = 15  # of each form that is written here; LibreOffice's are as many of each
_CONVERTED = {
    "docx": ("odt", "html", "epub", "docx"), "xlsx": ("ods", "xlsx", "html"), "fodp": ("pptx", "odp"),
}  # fmt: skip
_SECONDS, _MEGABYTES = 5.0, 512


def sources(folder: Path) -> Iterator[tuple[str, Path, Source]]:
    """Yield all files: the form, where it lies, and what is in it."""
    chance = random.Random(18)
    written: dict[str, list[tuple[Path, Source]]] = defaultdict(list)
    for form, write in FORMS.items():
        for number in range(_COPIES):
            source = make_source(chance)
            path = folder / f"{form}{number}.{form.partition('-')[0]}"
            path.write_bytes(write(source))
            written[form].append((path, source))
            yield form, path, source
    for number in range(_COPIES):
        path = folder / f"slides{number}.fodp"
        path.write_bytes(fodp(source := make_source(chance)))
        written["fodp"].append((path, source))
    for form, targets in _CONVERTED.items():
        for target in targets:
            made = folder / f"lo-{form}-{target}"
            profile = f"-env:UserInstallation=file://{folder}/profile"
            command = ["soffice", "--headless", profile, "--convert-to", target, "--outdir", str(made)]
            paths = [str(path) for path, _ in written[form]]
            subprocess.run([*command, *paths], check=True, capture_output=True, timeout=500)
            for path, source in written[form]:
                yield f"{form} as {target}", made / f"{path.stem}.{target}", source


def text_of(path: Path, folder: Path) -> str:
    """Return a file's text as the pipeline has it before any engine."""
    settings = Settings()
    document = open_document(path, settings, 100, folder=folder)
    numbers = range(1, document.pages + 1)
    texts = page_texts(document, numbers, Options(), settings)
    pages = (texts.page(number, folder, Deadline(100)).page for number in numbers)
    return "".join(page.text for page in pages if page)


def recall(text: str, source: Source) -> float:
    whole = "".join(text.split())
    parts = ["".join(part.split()) for part in source.texts()]
    return sum(len(part) for part in parts if part in whole) / sum(map(len, parts))


def measure(every: int) -> None:
    results: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        for number, (form, path, source) in enumerate(sources(Path(name))):
            if number % every:
                continue
            folder = Path(name) / f"work{number}"
            folder.mkdir()
            results[form].append(recall(text_of(path, folder), source))
    children.close()
    for form, values in sorted(results.items()):
        print(f"{form:<16} {len(values):>3} files  recall {sum(values) / len(values):.4f}  worst {min(values):.4f}")
    everything = [value for values in results.values() for value in values]
    print(f"{'all':<16} {len(everything):>3} files  recall {sum(everything) / len(everything):.4f}")


def harm(name: str) -> None:
    """Open one trap in this process, and say what it cost in JSON."""
    content = next(content for trap, content, _ in traps.traps() if trap == name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "source"
        path.write_bytes(content)
        del content
        began, outcome = time.monotonic(), "read"
        try:
            open_document(path, Settings(), 60, folder=Path(folder))
        except Refused as error:
            outcome = f"{type(error).__name__}: {error.message}"
        seconds = time.monotonic() - began
        children.close()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    payload = {
        "seconds": round(seconds, 2),
        "processor": round(sum(one.ru_utime + one.ru_stime for one in used), 2),  # the start of Python with it
        "megabytes": used[1].ru_maxrss // 1024,
        "outcome": outcome,
    }
    print(json.dumps(payload))


def harms() -> bool:
    is_well = True
    for name, _, _ in traps.traps():
        command = [sys.executable, "-m", "tests.benchmarks.formats", "--trap", name]
        payload = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        within = payload["seconds"] <= _SECONDS and payload["megabytes"] <= _MEGABYTES
        is_well = is_well and within
        costs = f"{payload['seconds']:>6} s ({payload['processor']} of a processor) {payload['megabytes']:>5} MB"
        print(f"{name:<18} {costs}  {payload['outcome']}{'' if within else '  TOO MUCH'}")
    return is_well


def main(run: Callable[[int], None] = measure) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--trap")
    parser.add_argument("--only", choices=("recall", "harm"))
    arguments = parser.parse_args()
    if arguments.trap:
        harm(arguments.trap)
        return 0
    if arguments.only != "harm":
        run(arguments.every)
    return 0 if arguments.only == "recall" or harms() else 1


if __name__ == "__main__":
    sys.exit(main())
