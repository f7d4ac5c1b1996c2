"""`folio providers` and `folio demo`: what works on this machine."""

import sys
from pathlib import Path

import click

from folio.cli import console
from folio.cli.flags import examples
from folio.cli.messages import tr

_NONE_USABLE = 69  # sysexits.h: EX_UNAVAILABLE


@click.command(epilog=examples("folio providers"))
def providers() -> int:
    """Which providers can be used here, and what the others lack."""
    from folio.desk import local

    usable = False
    for status in local.provider_status():
        usable = usable or status.usable
        lacks = f" ({tr('missing: {names}', names=', '.join(status.missing))})" if status.missing else ""
        state = tr("usable") if status.usable else tr("not usable")
        console.out(f"{state:<12}{status.name}: {status.detail}{lacks}")
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
        confidence = tr("unknown") if shown.confidence is None else f"{shown.confidence:.0%}"
        console.out(f"{shown.text}\n\n  {tr('confidence'):<10}  {confidence}")
        console.out(f"  {tr('result'):<10}  {shown.copy}\n  {tr('boxes'):<10}  {shown.picture}")
