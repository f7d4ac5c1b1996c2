"""How much memory there is: what the machine has, or a control group around this process allows."""

from pathlib import Path

import pytest

from folio.config.environment import memory_mb

GB = 1024**3


def system(root: Path, groups: str, limits: dict[str, str]) -> Path:
    """A root folder as Linux shows it."""
    for name, text in {"proc/self/cgroup": groups, **limits}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture(autouse=True)
def _at_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", raising=False)


@pytest.mark.parametrize(
    ("groups", "limits"),
    [
        pytest.param("0::/\n", {"sys/fs/cgroup/memory.max": f"{GB}\n"}, id="a container"),
        pytest.param(
            "0::/user/folio.scope\n",
            {"sys/fs/cgroup/user/memory.max": f"{GB}\n", "sys/fs/cgroup/user/folio.scope/memory.max": "max\n"},
            id="a group around this one",
        ),
        pytest.param(
            "3:cpu:/docker/abc\n2:memory:/docker/abc\n",
            {"sys/fs/cgroup/memory/memory.limit_in_bytes": f"{GB}\n"},
            id="version 1, by a name from outside",
        ),
    ],
)
def test_a_control_groups_limit_counts(tmp_path: Path, groups: str, limits: dict[str, str]) -> None:
    assert memory_mb(system(tmp_path, groups, limits)) == 1024


@pytest.mark.parametrize("limits", [{}, {"sys/fs/cgroup/memory.max": "max\n"}])
def test_without_a_limit_it_is_what_the_machine_has(tmp_path: Path, limits: dict[str, str]) -> None:
    assert memory_mb(system(tmp_path, "0::/\n", limits)) == memory_mb(tmp_path / "none")


def test_a_function_knows_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "3008")
    assert memory_mb(system(tmp_path, "0::/\n", {"sys/fs/cgroup/memory.max": f"{GB}\n"})) == 3008
