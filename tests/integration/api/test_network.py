"""`folio serve` for a network: any address, by keys alone, which nothing shows."""

import subprocess
from pathlib import Path

import psutil
import pytest
import requests

from tests.support.processes.running import FOLIO, environment, tree
from tests.support.processes.serving import serving
from tests.support.tools import needs_tools

pytestmark = needs_tools


def test_without_a_key_it_listens_on_loopback_alone() -> None:
    command = [*FOLIO, "serve", "--host", "0.0.0.0", "--port", "0"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "is not loopback: choose 127.0.0.1 or ::1, or ask for a key (--api-key)" in done.stderr


@pytest.mark.slow("a server that imports the handlers")
def test_keys_come_from_a_file_or_the_environment_and_it_answers_to_any_name(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("from-the-file\n\nanother-from-the-file\n")
    arguments = ("--host", "0.0.0.0", "--api-key-file", str(file), "--jobs", "1")
    with serving(*arguments, keys=(), settings={"FOLIO_API_KEYS": "from-the-environment"}) as api:
        url = api.url.replace("0.0.0.0", "127.0.0.1") + "v1/providers"
        codes = {}
        for key in ("", "wrong", "from-the-file", "another-from-the-file", "from-the-environment"):
            headers = {"X-Api-Key": key, "Host": "folio.example.org"}
            codes[key] = requests.get(url, headers=headers, timeout=60).status_code
        assert codes == {"": 401, "wrong": 401} | dict.fromkeys(list(codes)[2:], 200)
        for process in tree(api.pid)[1:]:
            try:
                assert "from-the-environment" not in str(process.environ())
            except psutil.Error:
                continue
