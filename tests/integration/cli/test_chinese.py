"""`folio` under a Chinese locale, as a person there sees it: help, mistakes, and what a run says."""

import re
from pathlib import Path

import pytest

from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.processes.running import Ran, folio
from tests.support.tools import needs_tools

pytestmark = needs_tools
WORDS = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")  # three English ones in a row


def run(*arguments: str, cwd: Path, locale: str = "zh_CN.UTF-8") -> Ran:
    ran = folio(*arguments, cwd=cwd, timeout=120.0, LC_ALL=locale, PYTHONUTF8="1", COLUMNS="200")
    assert "Traceback" not in ran.err
    return ran


@pytest.mark.slow("the help of all commands, each a process")
def test_help_is_in_chinese(tmp_path: Path) -> None:
    top = run("--help", cwd=tmp_path).out
    assert "用法： folio" in top
    assert "识别文档" in top
    for command in ("read", "pdf", "watch", "serve"):
        shown = run(command, "--help", cwd=tmp_path).out
        prose = shown.partition("例：")[0]
        assert not WORDS.search(prose), WORDS.search(prose)
        assert f"  folio {command}" in shown.partition("例：")[2]


@pytest.mark.slow("six runs of folio")
def test_mistakes_are_answered_in_chinese(tmp_path: Path) -> None:
    mistyped = run("raed", "x.pdf", cwd=tmp_path)
    assert (mistyped.code, "错误：没有命令 'raed'。 是不是想用 read？" in mistyped.err) == (2, True)
    assert "缺少参数 'FILES...'。" in run("read", cwd=tmp_path).err
    assert "没有选项" in run("read", "--quite", "x", cwd=tmp_path).err
    assert "的值不对" in run("read", "x", "--jobs", "0", cwd=tmp_path).err
    missing = run("read", "nothing.pdf", cwd=tmp_path)
    assert (missing.code, missing.err) == (
        66, "folio: 没有文件或文件夹 'nothing.pdf'。 请检查名字；文档可能被移走或删除了。\n",
    )  # fmt: skip
    assert run("read", "nothing.pdf", cwd=tmp_path, locale="C.UTF-8").err.startswith("folio: There is no file")


@pytest.mark.slow("two runs of folio")
def test_a_run_is_told_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "good.pdf").write_bytes(make_pdf(PdfPage(content=text("Larkfield and Oakham"))))
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    (tmp_path / "notes.bin").write_bytes(b"\x7fELF\x00\x01\x02\x03")
    ran = run("read", ".", "-v", cwd=tmp_path)
    assert not WORDS.search(ran.err), ran.err
    assert "2 个文件：" in ran.err
    assert "失败: " in ran.err
    assert "请在阅读器里打开另存，或重新扫描。" in ran.err
    assert "跳过 1 个文件，不是文档" in ran.err
