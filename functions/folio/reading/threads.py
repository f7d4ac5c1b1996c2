"""Threads that read pages or documents."""

import signal
from concurrent.futures import ThreadPoolExecutor


def reader_threads(count: int, name: str) -> ThreadPoolExecutor:
    """Make a pool of threads that start foreign programs."""
    return ThreadPoolExecutor(count, name, _shield_from_interrupt)


def _shield_from_interrupt() -> None:
    """Block Ctrl-C in a thread: programs that it starts inherit its signal mask, and only Folio stops, in order.

    A poppler killed by it says nothing and leaves nothing, just as on a damaged document. SIGTERM is blocked too where
    this process handles it. Where it does not, they end by it as this process does.
    """
    shielded = {signal.SIGINT}
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        shielded.add(signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, shielded)
