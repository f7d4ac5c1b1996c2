"""`folio doctor`, `folio redrive` and `folio backfill`: what an operator runs."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from folio.cli import console
from folio.cli.flags import examples
from folio.cli.messages import sentence, tr

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from folio.ops.findings import Finding
    from folio.ops.redrive import DeadLetter

MISSING = 69  # sysexits.h: EX_UNAVAILABLE
UNAVAILABLE = 75  # sysexits.h: EX_TEMPFAIL
STACK = click.option("--stack", "name", default="folio", show_default=True, help="Name of the deployed stack.")


@click.command(epilog=examples("folio redrive", "folio redrive --match 'scans/*' --yes"))
@STACK
@click.option("--match", "pattern", default="*", help="Only documents whose key is like this: 'scans/*.pdf'.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True, help="Messages at most.")
@click.option("--yes", is_flag=True, help="Put them back into the upload queue; without it they are only shown.")
def redrive(name: str, pattern: str, limit: int, yes: bool) -> int:
    """List the documents in the dead-letter queue with the reasons, and with --yes have them read again.

    Mend the reason first: what fails again comes back after three attempts. Messages that are no uploads stay.
    """
    from folio.ops import redrive as queue
    from folio.ops.stack import find_stack

    stack = find_stack(name)
    dead_letters = queue.list_dead_letters(stack, limit)
    sent: list[DeadLetter] = []
    try:
        chosen = queue.matching(dead_letters, pattern)
        for dead_letter in dead_letters:
            if dead_letter in chosen or (pattern == "*" and not dead_letter.upload):
                console.out(_told(dead_letter))
        if yes:
            with _bar(len(chosen), tr("Sending back")) as update:
                for batch in queue.send_back(chosen, stack):
                    sent += batch
                    update(len(batch))
    finally:
        queue.show_again([dead_letter for dead_letter in dead_letters if dead_letter not in sent], stack)
    done = tr("{count} sent back", count=len(sent)) if yes else tr("none sent back: add --yes")
    summary = "{count} messages, {chosen} of documents chosen; {done}."
    console.err(tr(summary, count=len(dead_letters), chosen=len(chosen), done=done))
    return UNAVAILABLE if yes and len(sent) < len(chosen) else 0


def _told(dead_letter: "DeadLetter") -> str:
    about = (
        f"s3://{dead_letter.upload.bucket}/{dead_letter.upload.key}"
        if dead_letter.upload
        else tr("message {id}", id=dead_letter.id)
    )
    return f"{about}: {sentence(dead_letter.reason)}"


@click.command(epilog=examples("folio backfill s3://my-bucket/scans/ --dry-run"))
@click.argument("uri", metavar="s3://BUCKET/PREFIX")
@STACK
@click.option("--dry-run", is_flag=True, help="Only count; with --all also what would be read anew.")
@click.option("--failed", is_flag=True, help="Those too that could not be read; their error reports are removed.")
@click.option("--all", "everything", is_flag=True, help="Those too that were read; done again if settings differ.")
@click.option("--rate", type=click.FloatRange(0.1, 3000), default=50, show_default=True, help="Documents a second.")
@click.option("--after", default="", metavar="KEY", help="Go on behind this key, where an earlier run stopped.")
def backfill(uri: str, name: str, dry_run: bool, failed: bool, everything: bool, rate: float, after: str) -> int:
    """Have the documents read that lie below s3://BUCKET/PREFIX already and have neither result nor error.

    They wait in the upload queue like any other upload; new uploads wait behind them, so choose a rate that leaves
    room. Running it again, or stopping it, loses and repeats nothing that matters.
    """
    from folio.ops import backfill as queueing
    from folio.ops.stack import find_stack

    stack = find_stack(name)
    bucket, prefix = queueing.parse_uri(uri, stack)
    choice = queueing.Choice(bucket=bucket, prefix=prefix, after=after, failed=failed, everything=everything)
    states, length = queueing.count(stack, choice)
    console.err(_counts(states, length))
    if dry_run and everything:
        outdated = queueing.count_outdated(stack, choice)
        console.err(tr("Of the {count} read, {outdated} would be read anew.", count=states["read"], outdated=outdated))
    if dry_run or not length:
        return 0
    sent, last = 0, after
    try:
        with _bar(length, tr("Enqueuing")) as update:
            for keys in queueing.enqueue(stack, choice, rate):
                sent, last = sent + len(keys), keys[-1]
                update(len(keys))
    finally:
        console.err(tr("{count} documents enqueued.", count=sent))
        if sent < length and last:
            console.err(tr("To go on where this stopped: --after {key}", key=repr(last)))
    return 0


def _counts(states: Counter[str], taken: int) -> str:
    summary = ", ".join(f"{number} {state}" for state, number in sorted(states.items())) or tr("none")
    return tr("{count} documents ({summary}); {taken} to enqueue.", count=states.total(), summary=summary, taken=taken)


@click.command(epilog=examples("folio doctor", "folio doctor --stack folio"))
@click.option("--stack", "name", metavar="NAME", help="A deployed stack, instead of this machine.")
def doctor(name: str | None) -> int:
    """What is wrong here, or with a deployed stack, and what to do about it: one line a finding.

    Here: tools, models, languages, fonts and memory, with their versions. Of a stack: its concurrency, functions and
    trigger, the buckets' events and keys, queues, throttles, alarms and errors. Nothing is changed.
    """
    return _report(_stack_findings(name)) if name else _desk()


@click.command(hidden=True)
def check() -> int:
    """The name that `doctor` had on one machine before."""
    return _desk()


def _stack_findings(name: str) -> "Iterator[Finding]":
    from folio.ops.doctor import examine

    return examine(name)


def _report(findings: "Iterator[Finding]") -> int:
    wrong = 0
    for finding in findings:
        wrong += finding.wrong
        verdict = tr("WRONG") if finding.wrong else tr("ok")
        text = " ".join(sentence(part) for part in (finding.state, finding.remedy) if part)
        console.out(f"{verdict:<7}{sentence(finding.subject)}: {text}")
    console.err(tr("{count} things are wrong.", count=wrong) if wrong else tr("Nothing is wrong."))
    return 1 if wrong else 0


def _desk() -> int:
    from folio.desk import local

    missing = 0
    for name, version, advice in local.installation():
        missing += version is None
        verdict = tr("ok") if version else tr("MISSING")
        console.out(f"{verdict:<9}{sentence(name)}: {version or sentence(advice)}")
    return MISSING if missing else 0


@contextmanager
def _bar(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _number: None
        return
    bar: ProgressBar[int]
    with click.progressbar(length=length, label=label, file=sys.stderr, show_pos=True) as bar:
        yield bar.update
