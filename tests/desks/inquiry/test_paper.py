"""The inquiry on paper can be read out: a language, a title, and a tree of headings, paragraphs and tables."""

import re
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from casework.paper import Paper, fonts_installed
from casework.tags import TaggedPDF, TaggedTable
from desks.inquiry.paper import printed
from desks.inquiry.sections import Section
from tests.harness.asking import ago

HEAD = ("언제", "무엇", "안 날", "적은 날", "누구")
ROWS = [(f"{n}일", "전기가 끊김 " * 12, "", "오늘", "한전") for n in range(40)]


class Author:
    agency = "관악하나센터"

    def __str__(self):
        return "문가영"


def section(rows, key="known"):
    return Section(key, "알고 있던 것", "설명입니다.", HEAD, rows, "아무것도 없습니다.")


def paper_of(*sections):
    found = SimpleNamespace(now=timezone.now(), household=SimpleNamespace(number="123-456-7"), on=ago(3))
    with translation.override("ko"):
        return printed(found, sections, by=Author(), reason="경위 확인", digest="ab" * 32)


def elements(content, kind):
    return len(re.findall(rb"/S /%s\b" % kind.encode(), content))


def test_a_reader_learns_the_language_the_title_and_what_is_a_heading_or_a_table():
    content = paper_of(section(ROWS), section([]))
    for word in (
        rb"/StructTreeRoot \d+ 0 R",
        rb"/MarkInfo <</Marked true>>",
        rb"/Lang \(ko\)",
        rb"/DisplayDocTitle true",
    ):
        assert re.search(word, content), word
    assert (elements(content, "H1"), elements(content, "H2"), elements(content, "Table")) == (1, 2, 1)
    assert elements(content, "TH") == len(HEAD), "heads that come again on the next page are not read out"
    assert content.count(b"/Scope /Column") == len(HEAD)
    assert elements(content, "TR") == len(ROWS) + 1
    assert elements(content, "TD") == len(ROWS) * len(HEAD)


@pytest.fixture
def drawn():
    """A document with a text and a table over several pages, and what is drawn on each of them."""
    paper = Paper(["문가영 출력"])
    paper.set_compression(False)
    paper.add_page()
    paper.set_font("NanumGothic", "", 9)
    with paper.within(paper.tree.add("P")):
        paper.multi_cell(0, 5, "긴 글이 이어집니다. " * 600, new_x="LMARGIN", new_y="NEXT")
    table = TaggedTable(paper, line_height=5)
    for row in (HEAD, *ROWS):
        table.row(row)
    table.render()
    content = bytes(paper.output())
    return paper, [stream for stream in re.findall(rb"stream\n(.*?)\nendstream", content, re.S) if b" BDC" in stream]


def test_all_that_is_drawn_is_of_an_element_or_aside(drawn):
    paper, pages = drawn
    assert len(pages) == paper.pages_count > 3
    for page in pages:
        marks = re.findall(rb"BDC|BMC|EMC|\bBT\b| re\b| l\b", page)
        assert marks.count(b"EMC") == marks.count(b"BDC") + marks.count(b"BMC")
        open_marks = 0
        for mark in marks:
            open_marks += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(mark, 0)
            assert 0 <= open_marks <= 1
            assert mark in (b"EMC",) or open_marks == 1, "drawn outside of any mark"


def test_each_piece_of_a_page_is_numbered_once_and_in_the_tree(drawn):
    paper, pages = drawn
    for place, page in enumerate(pages):
        numbers = [int(number) for number in re.findall(rb"/MCID (\d+)>> BDC", page)]
        assert numbers == list(range(len(paper.tree.root.parent_tree.nums[place])))
    paragraph = paper.tree.elements[1]
    assert len({piece.page for piece in paragraph.k}) > 1, "a text goes on under the same element"


def test_a_text_longer_than_a_page_goes_on_below():
    content = paper_of(section([("1일", "근거를 길게 적습니다. " * 400, "", "", "")], key="tried"))
    assert elements(content, "TR") > 2


def test_without_a_text_nothing_is_tagged():
    empty = TaggedPDF()
    empty.add_page()
    assert b"/StructTreeRoot" not in bytes(empty.output())
    assert fonts_installed()
