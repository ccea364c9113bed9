"""What a person says of how a file is read holds; the rest is guessed; what cannot be is one sentence."""

from pathlib import Path

import polars as pl
import pytest

from core.errors import UnreadableFile
from core.frames.open_file import Opened, to_parquet
from core.frames.reading import Reading

ROWS = "".join(f"{i},{'ab'[i % 2]},{i * 1.5}\n" for i in range(50))


def opened(folder: Path, content: str | bytes, reading: Reading) -> tuple[Opened, pl.DataFrame]:
    source = folder / "file.csv"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = to_parquet(source, folder / "out.parquet", name="file.csv", reading=reading)
    return found, pl.read_parquet(folder / "out.parquet")


def as_used(found: Opened) -> Reading:
    return Reading(**{key: found.dialect[key] for key in ("delimiter", "quote", "encoding", "header", "skipped")})


def test_a_delimiter(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, "a;b,c\n" + "1;2,5\n" * 30, Reading(delimiter=","))
    assert (frame.columns, found.dialect["delimiter"]) == (["a;b", "c"], ",")


def test_a_quote(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, "a,b\n" + "'x,y',2\n" * 30, Reading(quote="'"))
    assert (frame.row(0), found.dialect["quote"]) == (("x,y", 2), "'")
    found, frame = opened(tmp_path, 'a,b\n"x,2\n', Reading(quote=""))
    assert (frame.row(0), found.dialect["quote"]) == (('"x', 2), "")


def test_an_encoding(tmp_path: Path) -> None:
    content = ("name,n\n" + "Łódź,1\n" * 30).encode("iso8859-2")
    found, frame = opened(tmp_path, content, Reading(encoding="latin2"))
    assert (frame["name"][0], found.dialect["encoding"]) == ("Łódź", "iso8859-2")
    found, frame = opened(tmp_path, "\ufeffname,n\nŁódź,1\n".encode(), Reading(encoding="utf-8"))
    assert (frame.columns, found.dialect["encoding"]) == (["name", "n"], "utf-8")


def test_a_header_that_is_none_and_one_that_is(tmp_path: Path) -> None:
    _, frame = opened(tmp_path, "id,kind,value\n" + ROWS, Reading(header=False))
    assert (frame.columns, frame.height) == (["column_1", "column_2", "column_3"], 51)
    _, frame = opened(tmp_path, ROWS, Reading(header=True))
    assert (frame.columns, frame.height) == (["0", "a", "0.0"], 49)


def test_skipped_lines(tmp_path: Path) -> None:
    found, frame = opened(tmp_path, "id,kind,value\nas agreed,x,y\nn,k,v\n" + ROWS, Reading(skipped=2))
    assert (frame.columns, frame.height, found.dialect["skipped"]) == (["n", "k", "v"], 50, 2)
    found, frame = opened(tmp_path, "Report\n\nid,kind,value\n" + ROWS, Reading(skipped=0, header=True))
    assert found.dialect["skipped"] == 0


@pytest.mark.parametrize(
    "content",
    ["Report\n\nof 2013\n\nid;kind\n" + "1;x\n" * 30, "x\n" + "1\n" * 30, "a\tb\n" + "'1,2'\t3\n" * 30, ROWS],
)
def test_what_was_used_reads_the_same_again(tmp_path: Path, content: str) -> None:
    guessed, before = opened(tmp_path, content, Reading())
    told, after = opened(tmp_path, content, as_used(guessed))
    assert told.dialect == guessed.dialect
    assert after.equals(before)


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (Reading(delimiter="\t"), "is not parted by 'tab'"),
        (Reading(delimiter=",,"), "one character each"),
        (Reading(delimiter="'", quote="'"), "one character each"),
        (Reading(encoding="utf-16"), "is not written in utf-16"),
        (Reading(encoding="ascii"), "is not written in ascii"),
        (Reading(encoding="rot13"), "no such encoding"),
        (Reading(encoding="klingon"), "no such encoding"),
        (Reading(skipped=500), "no row below 500 skipped lines"),
    ],
)
def test_a_wrong_choice_is_one_sentence_that_names_it(tmp_path: Path, reading: Reading, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words) as caught:
        opened(tmp_path, "id,kind,välue\n" + "1,é,ü\n" * 30, reading)
    assert str(caught.value).startswith("file.csv ")
