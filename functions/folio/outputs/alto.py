"""`alto`: ALTO 4.4 (https://www.loc.gov/standards/alto/v4/alto-4-4.xsd), boxes in the page's own pixels."""

from collections.abc import Sequence
from pathlib import Path

from folio.models import Line, Page, Word
from folio.outputs.base import TextFile, spaced, whole_box, xml_text
from folio.outputs.paragraphs import paragraphs
from folio.version import __version__

_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="{_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:schemaLocation="{_NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd" SCHEMAVERSION="4.4">
<Description>
<MeasurementUnit>pixel</MeasurementUnit>
<Processing ID="ocr"><processingCategory>contentGeneration</processingCategory><processingSoftware>\
<softwareName>folio</softwareName><softwareVersion>{__version__}</softwareVersion></processingSoftware></Processing>
</Description>
<Layout>
"""


class AltoWriter(TextFile):
    """A page, a text block per paragraph, lines, words with their confidence (WC) and the spaces between them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "alto.xml")
        self.write(_HEAD)

    def add(self, page: Page) -> None:
        number, size = page.number, f'WIDTH="{page.width}" HEIGHT="{page.height}"'
        self.write(f'<Page ID="page_{number}" PHYSICAL_IMG_NR="{number}" {size}>\n')
        self.write(f'<PrintSpace HPOS="0" VPOS="0" {size}>\n')
        for index, lines in enumerate(paragraphs(page.lines), start=1):
            self.write(f'<TextBlock ID="block_{number}_{index}" {_position(lines)}>\n')
            for line in lines:
                self._line(line)
            self.write("</TextBlock>\n")
        self.write("</PrintSpace>\n</Page>\n")

    def _line(self, line: Line) -> None:
        self.write(f"<TextLine {_position([line])}>")
        right, space = 0, False
        for word, space_after in spaced(line):
            left, top, end, bottom = whole_box([word.polygon])
            if space:
                self.write(f'<SP HPOS="{right}" VPOS="{top}" WIDTH="{max(0, left - right)}"/>')
            confidence = "" if word.confidence is None else f' WC="{word.confidence:.2f}"'
            self.write(
                f'<String CONTENT="{xml_text(word.text)}" HPOS="{left}" VPOS="{top}" '
                f'WIDTH="{end - left}" HEIGHT="{bottom - top}"{confidence}/>'
            )
            right, space = end, space_after
        self.write("</TextLine>\n")

    def finish(self) -> Path:
        self.write("</Layout>\n</alto>\n")
        return super().finish()


def _position(items: Sequence[Line | Word]) -> str:
    left, top, right, bottom = whole_box(item.polygon for item in items)
    return f'HPOS="{left}" VPOS="{top}" WIDTH="{right - left}" HEIGHT="{bottom - top}"'
