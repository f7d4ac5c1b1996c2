"""`folio providers` and `folio demo`: what works on this machine."""

import sys
from pathlib import Path

import click

from folio.cli import console
from folio.cli.flags import examples

_NONE_USABLE = 69  # sysexits.h: EX_UNAVAILABLE


@click.command(epilog=examples("folio providers"))
def providers() -> int:
    """Which providers can be used here, and what the others lack."""
    from folio.desk import local

    usable = False
    for status in local.provider_status():
        usable = usable or status.usable
        lacks = f" (missing: {', '.join(status.missing)})" if status.missing else ""
        console.out(f"{'usable' if status.usable else 'not usable':<12}{status.name}: {status.detail}{lacks}")
    return 0 if usable else _NONE_USABLE


@click.command(epilog=examples("folio demo -o demo"))
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"), show_default=True
)
def demo(output: Path) -> None:
    """Upload two samples to a local S3, let the real handler read them, and show what it leaves."""
    from folio.cli.demo import run_demo, samples

    for shown in run_demo(samples(), output):
        click.secho(f"\n{shown.uri}", file=sys.stdout, bold=True)
        confidence = "unknown" if shown.confidence is None else f"{shown.confidence:.0%}"
        console.out(f"{shown.text}\n\n  confidence  {confidence}")
        console.out(f"  result      {shown.copy}\n  boxes       {shown.picture}")
