"""What stands in the workbook: text and numbers, never a formula, never more than a cell or a head can hold."""

import io

import openpyxl
import pytest
from django.utils import timezone

from casework.exports.sheet import MOST_IN_CELL, plain, workbook


def sheet_of(rows, mark="X-0000-0000-0 · 서지훈"):
    content = workbook("X-0000-0000-0", mark, ["가", "나"], rows, now=timezone.now())
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


@pytest.mark.parametrize("cell", ["=1+1", "+82", "-3", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "\n=1"])
def test_what_would_be_a_formula_is_text(cell):
    found = sheet_of([[cell, 1]])["A3"]
    assert found.data_type == "s"
    assert found.value.startswith("'")


@pytest.mark.parametrize("cell", ["리영희", "1 = 1", "–", "", "0010"])
def test_other_texts_stay_as_they_are(cell):
    assert plain(cell) == cell


def test_numbers_stay_numbers_and_addresses_are_no_links():
    sheet = sheet_of([["https://example.invalid", 7]])
    assert (sheet["B3"].value, sheet["B3"].data_type) == (7, "n")
    assert sheet["A3"].hyperlink is None


def test_a_text_too_long_for_a_cell_is_cut_and_not_lost():
    assert sheet_of([["가" * 40_000, 1]])["A3"].value == "가" * MOST_IN_CELL


@pytest.mark.parametrize("reason", ["가" * 400, "가&나" * 100, "&" * 400])
def test_a_long_mark_stands_whole_in_the_first_row_and_as_far_as_it_fits_on_paper(reason):
    sheet = sheet_of([], mark=f"X-0000-0000-0 {reason}")
    assert sheet["A1"].value == f"X-0000-0000-0 {reason}"
    for place in (sheet.oddHeader, sheet.oddFooter):
        assert place.left.text.startswith("X-0000-0000-0")
    assert "&P" in sheet.oddFooter.right.text or sheet.oddFooter.right.text


def test_the_mark_is_repeated_on_every_printed_page():
    sheet = sheet_of([["가", 1]])
    assert sheet.print_title_rows == "$1:$2"


def test_the_properties_of_the_file_say_nothing_but_the_number():
    content = workbook("X-0000-0000-0", "서지훈", ["가"], [], now=timezone.now())
    told = openpyxl.load_workbook(io.BytesIO(content)).properties
    assert (told.title, told.lastModifiedBy or "", told.keywords or "") == ("X-0000-0000-0", "", "")
    assert "서지훈" not in (told.creator or "")
