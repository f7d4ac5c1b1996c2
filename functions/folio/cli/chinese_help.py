"""Help in Chinese: click's pages, with each text looked up in the table."""

import click

from folio.cli.messages import sentence

_WIDTH_SHARE = 0.6  # of a line, which click counts in characters; Chinese ones are two columns wide


class ChineseFormatter(click.HelpFormatter):
    """Writes what click writes, in Chinese."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        super().__init__(indent_increment, width, max_width)
        self.width = int(self.width * _WIDTH_SHARE)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{sentence('Usage:')} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(sentence(heading))

    def write_text(self, text: str) -> None:
        paragraphs = (part if part.startswith("\b") else " ".join(part.split()) for part in text.split("\n\n"))
        super().write_text("\n\n".join(_translated(part) for part in paragraphs))

    def write_dl(self, rows: "list[tuple[str, str]]", col_max: int = 30, col_spacing: int = 2) -> None:  # type: ignore[override] # any sequence
        super().write_dl([(first, _row(second)) for first, second in rows], col_max, col_spacing)


class ChineseContext(click.Context):
    formatter_class = ChineseFormatter


def _translated(paragraph: str) -> str:
    return paragraph.replace("Examples:", sentence("Examples:")) if paragraph.startswith("\b") else sentence(paragraph)


def _row(text: str) -> str:
    """Translate the help of an option; what click adds behind it, its default or its range, begins with two blanks."""
    base, blanks, extra = text.partition("  [")
    extra = extra.replace("default: ", "默认：").replace("required", "必填")
    return sentence(base) + blanks + extra
