"""What a program that a document has broken into can read of the processes around it: not their keys.

The programs run as the user of the process that started them, as on Lambda, without capabilities.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes.running import FOLIO, environment, tree
from tests.support.processes.serving import serving
from tests.support.tools import needs_tools

# The tests' user may be root, who reads everything.
ORDINARY = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
SECRET = "a-secret-for-tests"
FUNCTION = """
import os, subprocess, sys
from folio.documents.programs import run_program
if sys.argv[1:]:
    import handlers.upload
found = run_program(["cat", f"/proc/{os.getpid()}/environ", f"/proc/{os.getpid()}/mem"], 10)
print(found.output.count(sys.stdin.read().encode()), os.environ["AWS_SECRET_ACCESS_KEY"][:8], len(found.complaints) > 0)
"""
LOOK = """
import sys
secret, *numbers = sys.argv[1:]
for number in numbers:
    try:
        with open(f"/proc/{number}/environ", "rb") as file:
            print(number, secret.encode() in file.read())
    except OSError:
        print(number, "hidden")
"""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="/proc"),
    pytest.mark.slow("processes that import the handlers"),
]


def program(*arguments: str) -> str:
    done = subprocess.run(
        [*ORDINARY, sys.executable, "-c", FUNCTION, *arguments],
        env=environment(AWS_SECRET_ACCESS_KEY=SECRET, POWERTOOLS_SERVICE_NAME="folio"),
        input=SECRET,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def test_a_program_cannot_read_the_environment_of_the_function_that_started_it() -> None:
    assert program() == "1 a-secret True", "what the system lets it read of any other process"
    assert program("handlers") == "0 a-secret True"


def look(pid: int) -> dict[int, str]:
    """What a program of the same user sees in the environment of a process and all below it."""
    numbers = [str(process.pid) for process in tree(pid)]
    done = subprocess.run(
        [*ORDINARY, sys.executable, "-c", LOOK, SECRET, *numbers], capture_output=True, text=True, check=True
    )
    return {int(number): seen for number, seen in map(str.split, done.stdout.splitlines())}


@needs_tools
def test_no_process_of_a_server_shows_its_keys(tmp_path: Path) -> None:
    with serving("--jobs", "1", settings={"AWS_SECRET_ACCESS_KEY": SECRET}, command=[*ORDINARY, *FOLIO]) as api:
        assert api.read(b"%PDF-1.4 no document").status_code >= 400
        seen = look(api.pid)
    assert len(seen) >= 5, "the server, multiprocessing's two, and one that reads at least"
    assert set(seen.values()) == {"hidden", "False"}, seen
    assert seen[api.pid] == "hidden"
