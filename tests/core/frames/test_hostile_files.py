"""Files that are no table, or that would hurt: one sentence, soon, and nothing else is ever raised."""

import gzip
import io
import os
import pickle
import random
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import FullcircleError, RefusedFile, Unavailable, UnreadableFile
from core.frames.open_file import to_parquet


def refusal(folder: Path, content: bytes, name: str = "file.csv") -> FullcircleError:
    source = folder / name
    source.write_bytes(content)
    with pytest.raises((UnreadableFile, RefusedFile)) as caught:
        to_parquet(source, folder / "out.parquet", name=name)
    message = str(caught.value)
    assert name in message
    assert str(folder) not in message
    assert "\n" not in message
    return caught.value


def workbook() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return packed.getvalue()


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("table.csv", "a,b\n1,2\n")
        made.writestr("other.csv", "a,b\n1,2\n")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "a PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(500), "a JPEG image"),
        (b"%PDF-1.7\n1 0 obj\n", "a PDF document"),
        (workbook(), "Excel workbook"),
        (archive(), "a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "Excel"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
        (b"SQLite format 3\x00" + bytes(100), "an SQLite database"),
        (b"\x93NUMPY\x01\x00" + bytes(100), "a NumPy array"),
        (b"", "empty"),
        (b" \n\n  \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (bytes(5_000), "binary"),
        (random.Random(1).randbytes(50_000), "binary"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    error = refusal(tmp_path, content)
    assert isinstance(error, UnreadableFile)
    assert words in str(error)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90\x00" + bytes(500), "a Windows program"),
        (b"\x7fELF" + bytes(500), "a Linux program"),
        (pickle.dumps({"a": [1, 2]}), "a Python pickle"),
        (gzip.compress(pickle.dumps({"a": [1, 2]})), "a Python pickle"),
    ],
)
def test_what_could_run_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    error = refusal(tmp_path, content)
    assert isinstance(error, RefusedFile)
    assert words in str(error)


def test_a_word_that_begins_like_a_program_is_a_word(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_text("MZ_code,BMI\n1,2\n")
    assert to_parquet(tmp_path / "file.csv", tmp_path / "out.parquet", name="file.csv").columns == ("MZ_code", "BMI")


@pytest.mark.parametrize("word", ["ORC", "ID3", "BZh", "Rar", "GIF8", "RIFF", "yearftyp"])
def test_a_header_that_begins_like_another_kind_is_a_header(tmp_path: Path, word: str) -> None:
    (tmp_path / "file.csv").write_text(f"{word},b\n" + "1,2\n" * 20)
    assert to_parquet(tmp_path / "file.csv", tmp_path / "out.parquet", name="file.csv").columns == (word, "b")


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    no_files = (
        (tmp_path / "none.csv", "does not exist"),
        (tmp_path, "is a folder"),
        (tmp_path / "pipe", "is a pipe"),
        (Path("/dev/zero"), "a device"),
        (tmp_path / "circle", "cannot be read"),
        (tmp_path / ("x" * 300), "cannot be read"),
    )
    for path, words in no_files:
        with pytest.raises(UnreadableFile, match=words):
            to_parquet(path, tmp_path / "out.parquet", name=path.name)


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    source = tmp_path / "caf\udce9.csv"  # as an old disk spells it
    source.write_text("a,b\n1,2\n")
    assert to_parquet(source, tmp_path / "out.parquet", name=source.name).rows == 1


@pytest.mark.parametrize("kind", ["csv", "parquet", "json", "gz"])
def test_a_full_disk_is_not_the_files_fault(tmp_path: Path, kind: str) -> None:
    frame = pl.DataFrame({"x": [random.Random(i).random() for i in range(20_000)]})
    source = tmp_path / "file"
    {"csv": frame.write_csv, "parquet": frame.write_parquet, "json": frame.write_ndjson, "gz": frame.write_csv}[kind](
        source
    )
    if kind == "gz":
        source.write_bytes(gzip.compress(source.read_bytes()))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(Unavailable, match="Make room"):
            to_parquet(source, tmp_path / "out.parquet", name="file")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name for path in tmp_path.iterdir()} == {"file"}


BOMBS: dict[str, Callable[[], bytes]] = {
    "a million columns": lambda: ",".join(f"c{i}" for i in range(1_000_000)).encode() + b"\n",
    "many columns": lambda: (",".join(f"c{i}" for i in range(50_000)) + "\n").encode(),
    "a hundred thousand keys": lambda: b"{" + b",".join(b'"k%d":1' % i for i in range(100_000)) + b"}\n",
    "an endless line": lambda: b"x" * 30_000_000,
    "an endless quoted cell": lambda: b'a,b\n1,"' + b"x" * 30_000_000,
    "a gzip bomb": lambda: gzip.compress(bytes(150_000_000), compresslevel=1),
    "a gzip bomb of rows": lambda: gzip.compress(b"a,b\n" + b"1,2\n" * 30_000_000, compresslevel=9),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_seconds_in_little_memory(tmp_path: Path, bomb: str) -> None:
    content = BOMBS[bomb]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    error = refusal(tmp_path, content)
    assert isinstance(error, RefusedFile)
    assert time.perf_counter() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


def test_a_parquet_that_announces_too_much(tmp_path: Path) -> None:
    constant = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000_000, pa.int8()), pa.array(["x" * 1_000]))
    packed = io.BytesIO()
    pq.write_table(pa.table({f"c{i}": constant for i in range(3)}), packed, compression="zstd")
    began = time.perf_counter()
    assert isinstance(refusal(tmp_path, packed.getvalue(), "wide.parquet"), RefusedFile)
    assert time.perf_counter() - began < 10


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("parquet") / "table.parquet"
    pl.DataFrame({"a": range(5_000), "b": [str(i) for i in range(5_000)]}).write_parquet(path)
    return path.read_bytes()


@pytest.mark.parametrize("keep", [4, 12, 500, 0.5, 0.999])
def test_a_cut_parquet(tmp_path: Path, parquet: bytes, keep: float) -> None:
    cut = parquet[: int(keep if keep > 1 else keep * len(parquet))]
    assert "Parquet" in str(refusal(tmp_path, cut, "table.parquet"))


def test_a_damaged_parquet_never_raises_anything_else(tmp_path: Path, parquet: bytes) -> None:
    chance = random.Random(7)
    for _ in range(60):
        damaged = bytearray(parquet)
        for _ in range(chance.choice((1, 3, 30))):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        (tmp_path / "table.parquet").write_bytes(bytes(damaged))
        try:
            to_parquet(tmp_path / "table.parquet", tmp_path / "out.parquet", name="table.parquet")
        except (UnreadableFile, RefusedFile):
            continue


def test_a_cut_gzip(tmp_path: Path) -> None:
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 5_000)
    assert "gzip" in str(refusal(tmp_path, packed[: len(packed) // 2], "table.csv.gz"))


_PIECES = st.sampled_from(
    [b",", b";", b"\t", b'"', b"\n", b"\r", b"\r\n", b"\x00", b"\xff", b"\xc3\xa9", b"{", b"[", b"PAR1"]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.lists(st.one_of(_PIECES, st.binary(max_size=8), st.text(max_size=8).map(str.encode))).map(b"".join))
def test_no_bytes_raise_anything_else(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    try:
        found = to_parquet(tmp_path / "file.csv", tmp_path / "out.parquet", name="file.csv")
    except (UnreadableFile, RefusedFile):
        return
    assert found.rows == pl.read_parquet(tmp_path / "out.parquet").height
