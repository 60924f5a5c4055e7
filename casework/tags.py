"""Paper that a screen reader can follow: what is drawn belongs to a tree of headings, paragraphs and tables.

The library knows tags for pictures alone. Here it gets those of text: each piece of the page carries a number, and the
tree says which element it is part of (ISO 32000-1, 14.7 and 14.8). Lines, fills, feet and headings that a table repeats
on the next page are no content: they are marked so, and not read out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from fpdf import FPDF
from fpdf.output import PDFPage
from fpdf.structure_tree import NumberTree, StructElem, StructTreeRoot
from fpdf.syntax import PDFArray, PDFObject
from fpdf.table import Table

COLUMN = "<</O /Table /Scope /Column>>"


class Element(StructElem):
    """One element of the tree; its kids are elements and the pieces drawn for it."""

    def __init__(self, kind: str, parent: PDFObject) -> None:
        super().__init__(struct_type=f"/{kind}", parent=parent, kids=[])
        self.a = COLUMN if kind == "TH" else None


class Piece:
    """What is drawn on a page under a number."""

    def __init__(self, page: PDFPage, number: int) -> None:
        self.page, self.number = page, number

    def serialize(self, **_said: Any) -> str:
        return f"<</Type /MCR /Pg {self.page.ref} /MCID {self.number}>>"


class Tree:
    """The tree of a document, in the place of the library's own, which holds pictures only."""

    def __init__(self) -> None:
        self.root = StructTreeRoot()
        self.root.parent_tree = NumberTree()
        self.document = Element("Document", self.root)
        self.root.k = PDFArray([self.document])
        self.elements: list[Element] = [self.document]
        # The library walks here to name the pages of its pictures.
        self.doc_struct_elem = SimpleNamespace(k=())

    def add(self, kind: str, parent: Element | None = None) -> Element:
        """Append an element of a kind ("H1", "P", "Table", "TR", "TH", "TD") to its parent."""
        made = Element(kind, parent or self.document)
        (parent or self.document).k.append(made)
        self.elements.append(made)
        return made

    def piece_of(self, element: Element, page: PDFPage, place: int) -> int:
        """Give the next piece of a page, the one at `place`, to an element; return its number on the page."""
        page.struct_parents = place - 1
        drawn = self.root.parent_tree.nums[place - 1]
        drawn.append(element)
        element.k.append(Piece(page, len(drawn) - 1))
        return len(drawn) - 1

    def empty(self) -> bool:
        return len(self.elements) < 2

    def __iter__(self) -> Iterator[PDFObject]:
        yield self.root
        yield self.root.parent_tree
        yield from self.elements


class TaggedPDF(FPDF):
    """A document whose text is drawn `within` elements and everything else `aside`."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self.tree = Tree()
        self.struct_builder: Any = self.tree
        self.cell_element: Element | None = None
        self._drawn_for: Element | None = None
        self._set_min_pdf_version("1.4")

    @contextmanager
    def within(self, element: Element) -> Iterator[None]:
        """Draw a text for an element; where it goes on on another page, it is of the same element there."""
        self._begin(element)
        yield
        self._end()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Draw what is not read out."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    def _begin(self, element: Element) -> None:
        number = self.tree.piece_of(element, self.pages[self.page], self.page)
        self._out(f"{element.s} <</MCID {number}>> BDC")
        self._drawn_for = element

    def _end(self) -> None:
        self._out("EMC")
        self._drawn_for = None

    def _perform_page_break(self) -> None:
        element = self._drawn_for
        if element:
            self._end()
        super()._perform_page_break()
        if element:
            self._begin(element)

    def multi_cell(self, *said: Any, **how: Any) -> Any:
        """Draw a text; that of a cell of a table belongs to its element, and lines and fill around it do not."""
        if (element := self.cell_element) is None:
            return super().multi_cell(*said, **how)
        self.cell_element = None
        self._out("EMC")
        with self.within(element):
            found = super().multi_cell(*said, **how)
        self._out("/Artifact BMC")
        return found


class TaggedTable(Table):
    """A table whose rows and cells are elements; its first row are the heads of the columns."""

    def __init__(self, paper: TaggedPDF, **how: Any) -> None:
        super().__init__(paper, first_row_as_headings=True, **how)
        self.paper = paper
        self.element = paper.tree.add("Table")
        self._row: Element | None = None
        self._headed = False

    def _render_table_row(self, i: int, *said: Any, **how: Any) -> None:
        again = i == 0 and self._headed
        self._headed = True
        self._row = None if again else self.paper.tree.add("TR", self.element)
        super()._render_table_row(i, *said, **how)

    def _render_table_cell(self, i: int, *said: Any, **how: Any) -> Any:
        if how.get("cell_height_info") is None:  # it is only measured
            return super()._render_table_cell(i, *said, **how)
        with self.paper.aside():
            if self._row:
                self.paper.cell_element = self.paper.tree.add("TD" if i else "TH", self._row)
            found = super()._render_table_cell(i, *said, **how)
            self.paper.cell_element = None
        return found
