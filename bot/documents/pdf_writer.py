"""Write a PDF with fpdf2, which takes most of a second to import.

The same content makes the same bytes. Letters that the font lacks, and signs that turn the
direction of writing, are left out, so that a page shows what its text says.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import TableCellFillMode, XPos, YPos
from fpdf.fonts import FontFace

from bot.documents.pictures import FONT, drawable_text
from bot.documents.printed_pages import Block, Boxes, PrintedPages, PrintedText, Table

MARGIN = 20  # millimetres, as all lengths here
TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 20, 14, 10  # points
BOX, LINE = 8, 8
MOST_LETTERS, MOST_IN_CELL = 600, 100
"""Letters of a paragraph and of a cell, which has to fit on a page; the rest is shown as `…`."""
MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""The date that every file bears: a file tells nobody when it was printed."""


def write_pdf(pages: PrintedPages) -> bytes:
    """Return the pages as the bytes of a PDF in A4, with its title and language."""
    pdf = _Pages(pages)
    pdf.add_page()
    pdf.write_heading(pages.title)
    for block in pages.blocks:
        pdf.write_block(block)
    return bytes(pdf.output())


def printable_text(text: str, most: int = MOST_LETTERS) -> str:
    """Return a text on one line of at most `most` letters, without invisible characters and those
    that the font lacks."""
    kept = "".join(one for one in text[: most * 2] if unicodedata.category(one) != "Cf")
    line = " ".join(drawable_text(kept).split())
    return line if len(line) <= most else f"{line[:most].rstrip()}…"


class _Pages(FPDF):
    """The PDF being written."""

    def __init__(self, pages: PrintedPages) -> None:
        super().__init__(format="A4", unit="mm")
        self._foot = printable_text(pages.foot)
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 5)
        self.add_font("sans", fname=FONT)
        self.set_title(printable_text(pages.title))
        self.set_lang(pages.language)
        self.set_creation_date(MADE)
        self.set_producer("Minga")
        self.set_font("sans", size=TEXT_SIZE)

    def footer(self) -> None:
        """Write what stands below each page."""
        self.set_y(-MARGIN)
        self.set_font("sans", size=SMALL_SIZE)
        self.cell(0, 5, self._foot[:80], new_x=XPos.LMARGIN, new_y=YPos.TOP)
        self.cell(0, 5, str(self.page_no()), align="R")

    def write_heading(self, title: str) -> None:
        """Write the title, which readers of the file find among its sections."""
        self.start_section(printable_text(title)[:120])
        self._write(title, TITLE_SIZE, LINE + 3)
        self.ln(3)

    def write_block(self, block: Block) -> None:
        """Write one part of the content."""
        self.set_font("sans", size=TEXT_SIZE)
        if isinstance(block, PrintedText):
            self._write(
                block.text, SMALL_SIZE if block.small else TEXT_SIZE, LINE - 2 * block.small
            )
            self.ln(2)
        elif isinstance(block, Boxes):
            for choice in block.choices:
                self._write_choice(choice)
        elif isinstance(block, Table):
            self._write_table(block)
        else:
            self.add_page()

    def _write(self, text: str, size: int, height: int) -> None:
        self.set_font("sans", size=size)
        self.multi_cell(
            0, height, printable_text(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def _write_choice(self, choice: str) -> None:
        """Write a box with a choice beside it, together on one page."""
        text = printable_text(choice)
        width = self.epw - BOX - 6
        height = self.multi_cell(width, LINE, text, align="L", dry_run=True, output="HEIGHT")
        assert isinstance(height, float)
        if self.will_page_break(max(BOX, height) + 4):
            self.add_page()
            self.set_font("sans", size=TEXT_SIZE)
        top = self.get_y()
        self.rect(self.l_margin, top, BOX, BOX)
        self.set_x(self.l_margin + BOX + 6)
        self.multi_cell(width, LINE, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(max(self.get_y(), top + BOX) + 4)

    def _write_table(self, block: Table) -> None:
        rows: Sequence[Sequence[str]] = [*block.rows, *[("",) * len(block.heads)] * block.empty]
        self.set_font("sans", size=TEXT_SIZE - 2)
        with self.table(
            col_widths=block.widths,
            line_height=LINE + 2,
            text_align="LEFT",
            cell_fill_mode=TableCellFillMode.NONE,
            headings_style=FontFace(emphasis=None),
            padding=1,
        ) as table:
            for cells in (block.heads, *rows):
                row = table.row()
                for cell in cells:
                    row.cell(printable_text(cell, MOST_IN_CELL))
        self.ln(4)
