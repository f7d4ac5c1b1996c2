"""What the shell knows of `folio`: completion, its man page, and what a look at the help costs."""

import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scripts.shell_files import SHARE, man_page, shell_files

from folio.cli.main import cli
from folio.options.table import options
from tests.support.processes.running import FOLIO, environment

BASH = SHARE / "bash-completion" / "completions" / "folio"
HELP_RATIO = 8  # of what an empty program of Python takes


def completed(words: str, position: int, tmp_path: Path) -> list[str]:
    """What bash offers for the word at a position, by the script that is installed."""
    command = tmp_path / "folio"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m folio "$@"\n')
    command.chmod(0o755)
    script = f"""
        source {BASH}
        COMP_WORDS=({words}); COMP_CWORD={position}
        _folio_completion folio
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    env = environment(PATH=f"{tmp_path}:{environment()['PATH']}")
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.split()


@pytest.mark.slow("four starts of folio in bash")
def test_commands_options_and_values_are_completed(tmp_path: Path) -> None:
    assert completed("folio re", 1, tmp_path) == ["read", "redrive"]
    assert completed("folio read --out", 2, tmp_path) == ["--output", "--outputs"]
    assert completed("folio read --outputs pdf,t", 3, tmp_path) == ["pdf,text", "pdf,textract"]
    assert completed("folio pdf --recipe p", 3, tmp_path) == ["photo"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_understands_its_script(shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell} here")
    script = next(path for path in shell_files() if shell in str(path))
    subprocess.run([shell, "-n", str(script)], check=True, timeout=60)


def test_the_man_page_tells_of_all_commands_and_options() -> None:
    text = man_page()
    for name in cli.list_commands(cli.make_context("folio", [], resilient_parsing=True)):
        assert f".SS folio {name}\n" in text
    for name in options():
        assert f"\\-\\-{name.replace('_', '\\-')} " in text
    if shutil.which("mandoc"):
        subprocess.run(["mandoc", "-T", "lint", "-W", "error"], input=text.encode(), check=True, timeout=60)
    elif shutil.which("groff"):
        done = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww", "-z"], input=text, text=True, capture_output=True, check=True, timeout=60
        )
        assert not [line for line in done.stderr.splitlines() if "error" in line]


@pytest.mark.slow("the least of several runs")
def test_a_look_at_the_help_costs_little() -> None:
    help_seconds, least_seconds = cpu(*FOLIO, "--help"), cpu(sys.executable, "-c", "pass")
    assert help_seconds <= HELP_RATIO * least_seconds, f"{help_seconds / least_seconds:.1f} times"


def cpu(*command: str) -> float:
    """The least CPU time in seconds of several runs of a command: others on the machine make it only more."""

    def children() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    least = float("inf")
    for _ in range(9):
        before = children()
        subprocess.run(command, env=environment(), stdout=subprocess.DEVNULL, check=True, timeout=60)
        least = min(least, children() - before)
    return least
