"""`hocr`: hOCR 1.2 (http://kba.github.io/hocr-spec/1.2/) as XHTML, boxes in the page's own pixels."""

from pathlib import Path

from folio.models import Line, Page, Word
from folio.outputs.base import TextFile, spaced, whole_box, xml_text
from folio.outputs.paragraphs import paragraphs
from folio.version import __version__

_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title></title>
<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
<meta name="ocr-system" content="folio {__version__}"/>
<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_wconf"/>
</head>
<body>
"""


class HocrWriter(TextFile):
    """A page, its areas (here one per paragraph), lines and words; words have their confidence, from 0 to 100."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "hocr.html")
        self.write(_HEAD)

    def add(self, page: Page) -> None:
        number = page.number
        resolution = f"; scan_res {page.dpi:.0f} {page.dpi:.0f}" if page.dpi else ""
        title = f"bbox 0 0 {page.width} {page.height}; ppageno {number - 1}{resolution}"
        self.write(f'<div class="ocr_page" id="page_{number}" title="{title}">\n')
        counts = {"line": 0, "word": 0}
        for index, lines in enumerate(paragraphs(page.lines), start=1):
            box = _box(lines)
            self.write(f'<div class="ocr_carea" id="block_{number}_{index}" title="{box}">\n')
            self.write(f'<p class="ocr_par" id="par_{number}_{index}" title="{box}">\n')
            for line in lines:
                self._line(line, number, counts)
            self.write("</p>\n</div>\n")
        self.write("</div>\n")

    def _line(self, line: Line, page: int, counts: dict[str, int]) -> None:
        counts["line"] += 1
        self.write(f'<span class="ocr_line" id="line_{page}_{counts["line"]}" title="{_box([line])}">')
        for word, space in spaced(line):
            counts["word"] += 1
            confidence = "" if word.confidence is None else f"; x_wconf {word.confidence * 100:.0f}"
            start = f'<span class="ocrx_word" id="word_{page}_{counts["word"]}" title="{_box([word])}{confidence}">'
            self.write(f"{start}{xml_text(word.text)}</span>{' ' * space}")
        self.write("</span>\n")

    def finish(self) -> Path:
        self.write("</body>\n</html>\n")
        return super().finish()


def _box(items: list[Line] | list[Word]) -> str:
    return "bbox {} {} {} {}".format(*whole_box(item.polygon for item in items))
