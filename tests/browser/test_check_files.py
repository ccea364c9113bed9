"""Check files: whatever is dropped, the page answers in words, and says the same after F5."""

import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sample_data import PRACTICE_BROKEN, PRACTICE_CLEAN
from tests.browser.conftest import Start
from tests.browser.person import JOB, Person
from tests.fullcircle_process import Fullcircle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(fullcircle: Start) -> Fullcircle:
    return fullcircle()


@pytest.fixture
def me(page: Page, running: Fullcircle) -> Person:
    person = Person(page, running.address)
    person.open("check")
    return person


def png(path: Path) -> Path:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))
    return path


def empty(path: Path) -> Path:
    path.touch()
    return path


def ragged(path: Path) -> Path:
    rows = [f"{n},{n * 2}" for n in range(40)]
    rows[5], rows[17], rows[30] = "5", "17,34,51", "30,60,90,120"
    path.write_text("\n".join(["a,b", *rows]) + "\n")
    return path


def test_a_clean_file_and_a_broken_one(me: Person) -> None:
    me.drop(PRACTICE_CLEAN)
    me.told(re.compile("january_clean.csv: 10,560 rows, 18 columns: .*checks passed"), patience=JOB)
    expect(me.head).not_to_contain_text("error")
    me.press("Check other files")
    me.told("Drop one file")
    me.drop(PRACTICE_BROKEN)
    me.told(re.compile("january_broken.csv: 10,680 rows.*5 warnings"), patience=JOB)
    for found in ("120 rows repeat", "in the future, up to 2033-01-14", "175 values of -999"):
        me.lists(found)
    me.refresh()
    me.told("5 warnings")
    me.lists("175 values of -999")


def test_two_files(me: Person) -> None:
    me.drop(PRACTICE_CLEAN, PRACTICE_BROKEN)
    me.told(re.compile(r"1 of 18 columns drifted.*Most: carrier 0\.17"), patience=JOB)
    me.reads("january_clean.csv")
    me.lists("New: 'United' (1,824 rows). Gone: 'UA'")
    me.press("Swap")
    me.told(re.compile("drifted"), patience=JOB)
    me.lists("New: 'UA'", patience=JOB)
    me.refresh()
    me.lists("New: 'UA'")


def test_a_second_file_beside_the_first(me: Person) -> None:
    me.drop(PRACTICE_CLEAN)
    me.told("checks passed", patience=JOB)
    me.drop(PRACTICE_BROKEN)
    me.told("1 of 18 columns drifted", patience=JOB)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (png, "is a PNG image, not a table"),
        (empty, "is empty: it holds no bytes"),
        (ragged, "left out: lines 7, 19, 32 (too few cells or too many cells)"),
    ],
)
def test_a_wrong_file_gets_a_sentence(me: Person, tmp_path: Path, make: Callable[[Path], Path], said: str) -> None:
    me.drop(make(tmp_path / "odd.csv"))
    me.told(re.compile("odd.csv: (no result|37 rows)"), patience=JOB)
    me.says(said)
    me.refresh()
    me.says(said)
    assert me.complaints == []
