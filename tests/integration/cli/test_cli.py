"""The real `folio` as a person runs it: a process of its own, its files, its words and its exit code."""

import re
import shutil
from pathlib import Path

import pytest

from folio import errors
from folio.cli.messages import desk_hint
from folio.models import ErrorReport, Result, decode
from tests.support.defaults import DEFAULTS
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.paths import DATA
from tests.support.processes.running import Ran, folio

SMALL = (420, 120)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder to work in, and nothing else in it."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


def picture(path: Path, text: str = "lantern") -> Path:
    """A document that is read in a blink."""
    path.parent.mkdir(parents=True, exist_ok=True)
    words(text, size=SMALL, at=(40, 30)).save(path)
    return path


def result(path: Path) -> Result:
    return decode(path.read_bytes(), Result)


def names(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_result_lies_beside_the_file(desk: Path) -> None:
    shutil.copy(DATA / "english.pdf", desk)
    ran = folio("read", "english.pdf", cwd=desk)
    assert (ran.code, ran.out, ran.summary) == (0, "", "1 file: 1 complete; 1 page read.")
    assert names(desk) == ["english.pdf", "english.pdf.ocr.json"]
    read = result(desk / "english.pdf.ocr.json")
    assert read.status == "complete"
    assert "Thank you for your order of 4 March." in read.text
    assert "Bookcloth, dark green 5 18.20 91.00" in read.text


def test_text_is_printed_and_languages_are_chosen(desk: Path) -> None:
    ran = folio("read", DATA / "chinese.png", "-o", desk, "--text", "--languages", "chi_sim", cwd=desk)
    assert ran.code == 0
    assert "图书馆开放时间通知" in ran.out
    assert ran.out.strip() == result(desk / "chinese.png.ocr.json").text
    assert folio("read", DATA / "chinese.png", "-o", desk, "--text", "--languages", "chi_sim", cwd=desk).out == ran.out


def test_output_folder_mirrors_as_cp_does(desk: Path) -> None:
    picture(desk / "in" / "a.png")
    picture(desk / "in" / "deep" / "er" / "b.png", "meadow")
    picture(desk / "in" / ".hidden" / "c.png")
    (desk / "in" / "notes.txt").write_text("\x00no document")
    ran = folio("read", "in", "-o", "out", cwd=desk)
    assert ran.code == 0
    assert "\n1 file that is not a document was left out: in/notes.txt.\n" in ran.err
    assert ran.summary == "2 files: 2 complete; 2 pages read."
    assert names(desk / "out") == ["in/a.png.ocr.json", "in/deep/er/b.png.ocr.json"]
    assert names(desk / "in") == [".hidden/c.png", "a.png", "deep/er/b.png", "notes.txt"]


def test_patterns_that_the_shell_did_not_expand(desk: Path) -> None:
    for name in ("one.png", "two.png", "three.bmp", "below/four.png"):
        picture(desk / name)
    assert folio("read", "*.png", "-o", "flat", cwd=desk).code == 0
    assert names(desk / "flat") == ["one.png.ocr.json", "two.png.ocr.json"]
    assert folio("read", "**/*.png", "-o", "all", cwd=desk).code == 0
    assert names(desk / "all") == ["four.png.ocr.json", "one.png.ocr.json", "two.png.ocr.json"]


def test_name_with_pattern_signs_is_a_name(desk: Path) -> None:
    picture(desk / "scan [1].png")
    picture(desk / "scan 1.png")
    assert folio("read", "scan [1].png", cwd=desk).code == 0
    assert "scan [1].png.ocr.json" in names(desk)
    assert "scan 1.png.ocr.json" not in names(desk)


@pytest.mark.slow("five runs of folio, one after the other")
def test_what_was_read_is_skipped_unless_forced_or_changed(desk: Path) -> None:
    picture(desk / "a.png")

    def told(*more: str) -> str:
        return folio("read", "a.png", *more, cwd=desk).summary

    complete, skipped = "1 file: 1 complete; 1 page read.", "1 file: 1 already-read; 0 pages read."
    assert told() == complete
    before = (desk / "a.png.ocr.json").stat().st_mtime_ns
    assert told() == skipped
    assert (desk / "a.png.ocr.json").stat().st_mtime_ns == before
    assert told("--force") == complete
    assert (desk / "a.png.ocr.json").stat().st_mtime_ns > before
    assert told("--recipe", "classic") == complete
    assert result(desk / "a.png.ocr.json").pages[0].steps == ("denoise", "binarize")
    picture(desk / "a.png", "meadow")
    assert told("--recipe", "classic") == complete
    assert result(desk / "a.png.ocr.json").text == "meadow"


def test_results_are_never_documents(desk: Path) -> None:
    picture(desk / "a.png")
    folio("read", ".", cwd=desk)
    ran = folio("read", ".", "a.png.ocr.json", cwd=desk)
    assert (ran.code, ran.summary) == (0, "1 file: 1 already-read; 0 pages read.")


def test_pages_and_dpi_are_chosen(desk: Path) -> None:
    pages = [PdfPage(picture=words(text)) for text in ("lantern", "meadow", "harbour")]
    (desk / "three.pdf").write_bytes(make_pdf(*pages))
    assert folio("read", "three.pdf", "--pages", "1,3-", "--dpi", "144", cwd=desk).code == 0
    assert names(desk) == ["three.pdf", "three.pdf.ocr/pages-1,3-.json"]
    read = result(desk / "three.pdf.ocr" / "pages-1,3-.json")
    assert [(page.number, page.text) for page in read.pages] == [(1, "lantern"), (3, "harbour")]
    assert [(page.width, page.height, page.dpi) for page in read.pages] == [(840, 1190, 144)] * 2
    assert read.source.pages == 3


@pytest.mark.parametrize(
    ("option", "value", "good"),
    [
        ("--recipe", "bogus", "none, classic"),
        ("--dpi", "10", "50 to 1200"),
        ("--psm", "14", "11, 12, 13"),
        ("--pages", "3-1", "1-3,7 or 5-"),
        ("--provider", "nobody", "tesseract"),
        ("--languages", "xx", "eng"),
        ("--languages", "e n g", "eng+chi_sim"),
        ("--jobs", "0", "1<=x<=256"),
        ("--nope", "", "--pages"),
    ],
)
def test_bad_option_names_the_good_ones(desk: Path, option: str, value: str, good: str) -> None:
    picture(desk / "a.png")
    ran = folio("read", "a.png", *([option, value] if value else [option]), cwd=desk)
    assert ran.code == 2
    assert good in ran.err
    assert "Traceback" not in ran.err
    assert not (desk / "a.png.ocr.json").exists()


def test_bad_option_leaves_everything_as_it_was(desk: Path) -> None:
    for name in ("a.png", "b.png"):
        picture(desk / name)
    assert folio("read", ".", cwd=desk).code == 0
    before = {name: (desk / name).read_bytes() for name in names(desk)}
    ran = folio("read", ".", "--dpi", "10", cwd=desk)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1, "one sentence, not one a file"
    assert {name: (desk / name).read_bytes() for name in names(desk)} == before


def test_bad_setting_in_the_environment_is_named(desk: Path) -> None:
    picture(desk / "a.png")
    ran = folio("read", "a.png", cwd=desk, FOLIO_MAX_PAGES="many")
    assert ran.code == errors.Misconfigured.exit_code
    assert "max_pages" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_missing_file_is_a_sentence(desk: Path) -> None:
    ran = folio("read", "nothing.pdf", cwd=desk)
    assert ran.code == errors.SourceGone.exit_code
    assert re.fullmatch(r"folio: There is no file or folder 'nothing\.pdf'\. .+\.\n", ran.err)
    assert folio("read", cwd=desk).code == 2


UNREADABLE = {
    "empty.pdf": (b"", errors.EmptyDocument),
    "random.pdf": (bytes(range(7, 256)) * 12, errors.UnsupportedType),
    "cut.png": ((DATA / "chinese.png").read_bytes()[:4000], errors.DamagedDocument),
    "header.pdf": (b"%PDF-1.7\n", errors.DamagedDocument),
    "locked.pdf": (make_pdf(PdfPage(), user_password="secret"), errors.PasswordProtected),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_document_leaves_one_sentence(desk: Path, name: str) -> None:
    content, kind = UNREADABLE[name]
    (desk / name).write_bytes(content)
    ran = folio("read", name, cwd=desk)
    assert ran.code == kind.exit_code
    assert names(desk) == [name, f"{name}.ocr.error.json"]
    report = decode((desk / f"{name}.ocr.error.json").read_bytes(), ErrorReport)
    assert (report.error.type, report.error.hint) == (kind.__name__, kind.hint)
    sentence = f"failed: {name}: {report.error.message} [{kind.__name__}] {desk_hint(kind(''))}"
    assert ran.err.splitlines() == [sentence, "1 file: 1 failed; 0 pages read."]


def test_failure_is_told_again(desk: Path) -> None:
    """Whoever runs the same command twice must not take the second answer for success."""
    (desk / "noise.bin").write_bytes(bytes(range(256)))
    first, second = folio("read", "noise.bin", cwd=desk), folio("read", "noise.bin", cwd=desk)
    assert first.code == second.code == errors.UnsupportedType.exit_code
    assert first.err.splitlines()[0].partition(": ")[2] == second.err.splitlines()[0].partition(": ")[2]


@pytest.mark.slow("the command is a process of its own, and draws a large page")
def test_raised_limit_is_tried(desk: Path) -> None:
    """What the hint of TooLarge says must help."""
    (desk / "two.pdf").write_bytes(make_pdf(*[PdfPage(picture=words("lantern"))] * 2))
    assert folio("read", "two.pdf", cwd=desk, FOLIO_MAX_PAGES="1").code == errors.TooLarge.exit_code
    assert folio("read", "two.pdf", cwd=desk).summary == "1 file: 1 complete; 2 pages read."


def test_one_reason_is_the_exit_code_and_several_are_one(desk: Path) -> None:
    picture(desk / "good.png")
    for name in ("empty.pdf", "random.pdf"):
        (desk / name).write_bytes(UNREADABLE[name][0])
    one = folio("read", "good.png", "empty.pdf", "random.pdf", cwd=desk)
    assert one.code == 65
    assert one.err.endswith("3 files: 1 complete, 2 failed; 1 page read.\n")
    # The good file has no page 2, which is a wrong option.
    assert folio("read", "good.png", "empty.pdf", "--pages", "2", "--force", cwd=desk).code == 1


def test_two_sources_must_not_share_a_result(desk: Path) -> None:
    picture(desk / "a" / "page.png")
    picture(desk / "b" / "page.png")
    ran = folio("read", "a/page.png", "b/page.png", "-o", "out", cwd=desk)
    assert ran.code == 2
    assert "page.png would overwrite each other" in ran.err
    assert not (desk / "out").exists()
    assert folio("read", "a", "b", "-o", "out", cwd=desk).code == 0
    assert names(desk / "out") == ["a/page.png.ocr.json", "b/page.png.ocr.json"]


def test_reports_on_the_installation(desk: Path) -> None:
    listed = folio("providers", cwd=desk)
    assert (listed.code, listed.err) == (0, "")
    assert re.search(r"^usable +auto: asks ppocr, then tesseract\nusable +tesseract: [\d.]+.*eng", listed.out)
    checked = folio("doctor", cwd=desk)
    assert checked.code == 0, checked.out
    assert {line.split()[0] for line in checked.out.splitlines()} == {"ok"}
    helped = folio("--help", cwd=desk)
    assert helped.code == 0
    assert all(name in helped.out for name in ("read", "providers", "doctor", "demo"))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    folder = tmp_path_factory.mktemp("demo")
    return folio("demo", "-o", "tmp", cwd=folder, timeout=300, **DEFAULTS), folder / "tmp"


def test_demo_leaves_results_and_pictures(shown: tuple[Ran, Path]) -> None:
    ran, folder = shown
    assert ran.code == 0, ran.err
    assert "Traceback" not in ran.err
    kinds = ("boxes.png", "ocr.json")
    assert names(folder) == [f"{name}.{kind}" for name in ("chinese.png", "english.pdf") for kind in kinds]
    for name, text in (("english.pdf", "Dear Ms Penrose,"), ("chinese.png", "图书馆开放时间通知")):
        assert text in ran.out
        assert text in result(folder / f"{name}.ocr.json").text
        assert str(Path("tmp") / f"{name}.boxes.png") in ran.out
