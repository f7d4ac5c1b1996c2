"""Write the docs that follow from the code; with --check, only say whether they are in step."""

import json
import sys
from pathlib import Path

from folio.models import ErrorReport, Result, json_schema

DOCS = Path(__file__).parents[1] / "docs"


def generated() -> dict[Path, str]:
    """Each generated file and what must stand in it."""
    kinds: tuple[tuple[str, type[Result] | type[ErrorReport]], ...] = (
        ("folio-1.schema.json", Result),
        ("folio-1.error.schema.json", ErrorReport),
    )
    return {DOCS / name: json.dumps(json_schema(kind), indent=2) + "\n" for name, kind in kinds}


def main() -> int:
    stale = {path: text for path, text in generated().items() if not path.exists() or path.read_text() != text}
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(DOCS.parent)} is out of step with the code; run `make docs`.")
        return bool(stale)
    for path, text in stale.items():
        path.write_text(text)
        print(f"written: {path.relative_to(DOCS.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
