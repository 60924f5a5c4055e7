"""CSV as it comes from spreadsheets and old systems: UTF-8 with or without BOM, or CP949."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from casework.imports.reasons import FileRefused
from casework.imports.sheets import Sheet, clean

PIECE = 1 << 20
SAMPLE = 1 << 16


def open_csv(file: BinaryIO) -> Sheet:
    """Return the CSV as a Sheet. The file is read once to be sure of its encoding, then streamed."""
    encoding, lines = _encoding_and_lines(file)
    file.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(_Unclosed(file), PIECE), encoding=encoding, newline="")
    reader = csv.reader(text, strict=True)
    rows = _rows(reader)
    header = next((row for row in rows if row), [])
    return Sheet(header=header, rows=rows, expected=max(lines - 1, 0))


def _rows(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        for row in reader:
            cells = [clean(cell) for cell in row]
            yield cells if any(cells) else []
    except csv.Error as error:
        raise FileRefused("broken_csv", line=reader.line_num) from error  # type: ignore[attr-defined]


def _encoding_and_lines(file: BinaryIO) -> tuple[str, int]:
    """Return the encoding that reads the whole file, and how many lines it has. Raises `FileRefused`."""
    bad_line, lines = _first_bad_line(file, "utf-8")
    if bad_line is None:
        return "utf-8-sig", lines
    file.seek(0)
    marked = file.read(3) == codecs.BOM_UTF8
    korean_bad_line, lines = _first_bad_line(file, "cp949")
    if marked or korean_bad_line is not None or not _looks_korean(file):
        raise FileRefused("encoding", line=bad_line)
    return "cp949", lines


def _first_bad_line(file: BinaryIO, encoding: str) -> tuple[int | None, int]:
    """Return (the first line that `encoding` cannot read or None, the number of lines before it or in all)."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, last = 0, b""
    while piece := file.read(PIECE):
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            return lines + error.object[: error.start].count(b"\n") + 1, lines
        if "\0" in text:
            return lines + text[: text.index("\0")].count("\n") + 1, lines
        lines, last = lines + piece.count(b"\n"), piece[-1:]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return lines + 1, lines
    return None, lines + (last not in (b"\n", b""))


def _looks_korean(file: BinaryIO) -> bool:
    """Tell CP949 from a damaged UTF-8 file that happens to decode: real text stays in the everyday syllables."""
    file.seek(0)
    text = codecs.getincrementaldecoder("cp949")(errors="replace").decode(file.read(SAMPLE))
    foreign = [char for char in text if char > "\x7f"]
    everyday = sum(_everyday(char) for char in foreign)
    return everyday * 10 >= len(foreign) * 9


def _everyday(char: str) -> bool:
    # The 2,350 syllables and the signs of KS X 1001: not the extension, not the Chinese characters.
    try:
        encoded = char.encode("euc_kr")
    except UnicodeEncodeError:
        return False
    return encoded[0] <= 0xC8


class _Unclosed(io.RawIOBase):
    """The caller's file, which the text layer must not close."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
