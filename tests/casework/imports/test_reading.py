"""What a file may be saved as, and what is refused before a row is read."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from casework.imports.reasons import FileRefused
from casework.imports.sheets import clean, guarded, open_sheet

TEXT = "person_ref,name\nP-1,리영희\nP-2,김철수\n"


def read(content):
    sheet = open_sheet(io.BytesIO(content))
    return sheet.header, list(sheet.rows)


def refused(content):
    with pytest.raises(FileRefused) as caught:
        read(content)
    return caught.value


def workbook(*rows, sheets=1):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for n in range(1, sheets):
        book.create_sheet(f"다른 시트 {n}")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_korean_is_read_from_every_encoding_that_offices_use(encoding):
    assert read(TEXT.encode(encoding)) == (["person_ref", "name"], [["P-1", "리영희"], ["P-2", "김철수"]])


def test_a_workbook_is_read_like_a_csv_file():
    content = workbook(["person_ref", "born", "months", "sure"], ["P-1", date(1980, 5, 3), 3.0, True], [None], ["P-2"])
    assert read(content) == (
        ["person_ref", "born", "months", "sure"],
        [["P-1", "1980-05-03", "3", "Y"], [], ["P-2"]],
    )


def test_a_formula_comes_as_its_text_so_that_the_row_is_refused_and_not_computed():
    assert read(workbook(["amount"], ["=1+1"]))[1] == [["=1+1"]]


def test_damaged_utf8_is_refused_with_the_line_and_not_read_as_gibberish():
    broken = TEXT.encode() + "P-3,박민수\n".encode()[:-3] + b"\n"
    assert (refused(broken).code, refused(broken).params["line"]) == ("encoding", 4)


def test_utf16_is_refused_as_a_wrong_encoding():
    assert refused(TEXT.encode("utf-16")).code == "encoding"


def test_an_open_quotation_mark_is_refused_with_its_line():
    assert refused(b'a,b\n1,"2\n3,4\n').code == "broken_csv"


def test_an_old_workbook_is_asked_for_in_the_new_kind():
    assert refused(b"\xd0\xcf\x11\xe0" + b"0" * 600).code == "old_xls"


def test_a_zip_that_is_no_workbook_is_refused():
    assert refused(b"PK\x03\x04 nothing").code == "broken_xlsx"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (30 << 20))
    assert refused(bomb.getvalue()).code == "zip_bomb"


def test_another_sheet_is_named_and_not_read():
    assert open_sheet(io.BytesIO(workbook(["a"], sheets=2))).other_sheets == ("다른 시트 1",)


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "-5", "+82-10", "plain", ""])
def test_what_we_guard_for_a_spreadsheet_comes_back_as_it_was(cell):
    assert clean(guarded(cell)) == cell
    assert not guarded(cell).startswith(("=", "+", "-", "@"))
