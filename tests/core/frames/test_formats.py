"""Every format becomes the same table: Arrow, Feather, JSON, compressed files, one table in an archive."""

import bz2
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import RefusedFile, UnreadableFile
from core.frames.open_file import Opened, to_parquet

TABLE = pa.table({"id": [1, 2, 3], "name": ["Zoë", None, "c"], "x": [0.5, 1.5, None], "day": [date(2013, 1, 1)] * 3})
CSV = "id,name,x,day\n1,Zoë,0.5,2013-01-01\n2,,1.5,2013-01-01\n3,c,,2013-01-01\n".encode()
ROWS = [
    (1, "Zoë", 0.5, date(2013, 1, 1)),
    (2, None, 1.5, date(2013, 1, 1)),
    (3, "c", None, date(2013, 1, 1)),
]


def opened(folder: Path, content: bytes) -> tuple[Opened, pl.DataFrame]:
    (folder / "file").write_bytes(content)
    found = to_parquet(folder / "file", folder / "out.parquet", name="file")
    return found, pl.read_parquet(folder / "out.parquet")


def arrow_file(table: pa.Table = TABLE, **options: Any) -> bytes:
    out = io.BytesIO()
    with pa.ipc.new_file(out, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table)
    return out.getvalue()


def arrow_stream(table: pa.Table = TABLE) -> bytes:
    out = io.BytesIO()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return out.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def zstandard(content: bytes) -> bytes:
    return pa.compress(content, "zstd", asbytes=True)


FORMATS: dict[str, Callable[[], bytes]] = {
    "csv": lambda: CSV,
    "gzip": lambda: gzip.compress(CSV),
    "zstd": lambda: zstandard(CSV),
    "bzip2": lambda: bz2.compress(CSV),
    "xz": lambda: lzma.compress(CSV),
    "zip": lambda: zipped({"made/table.csv": CSV, "__MACOSX/made/._table.csv": b"\x00"}),
    "arrow file": arrow_file,
    "arrow file, packed": lambda: arrow_file(compression="zstd"),
    "arrow stream": arrow_stream,
    "arrow stream in zstd": lambda: zstandard(arrow_stream()),
    "arrow dictionary": lambda: arrow_file(TABLE.set_column(1, "name", TABLE["name"].dictionary_encode())),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_the_same_table(tmp_path: Path, kind: str) -> None:
    found, frame = opened(tmp_path, FORMATS[kind]())
    assert frame.columns == ["id", "name", "x", "day"]
    assert frame.rows() == ROWS
    assert found.rows == 3


@pytest.mark.filterwarnings("ignore:Feather V1:DeprecationWarning")
def test_the_old_feather_format(tmp_path: Path) -> None:
    import pyarrow.feather

    plain = TABLE.select(["id", "name", "x"])
    pyarrow.feather.write_feather(plain, str(tmp_path / "old"), version=1)
    found, frame = opened(tmp_path, (tmp_path / "old").read_bytes())
    assert frame.rows() == [row[:3] for row in ROWS]
    assert found.dialect["format"] == "arrow"


RECORDS: list[dict[str, object]] = [{"a": 1, "b": "x"}, {"b": "y", "c": [1, 2]}, {"a": 3, "d": None, "c": None}]


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(json.dumps(record) for record in RECORDS),
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        "\ufeff" + json.dumps(RECORDS),
        "\n\n".join(json.dumps(record) for record in RECORDS) + "\n",
        "\n".join(json.dumps(record, indent=1) for record in RECORDS),
    ],
)
def test_json_with_differing_keys(tmp_path: Path, content: str) -> None:
    found, frame = opened(tmp_path, content.encode())
    assert found.dialect["format"] == "json"
    assert frame.select("a", "b").rows() == [(1, "x"), (None, "y"), (3, None)]
    assert frame["c"].to_list() == [None, "[1,2]", None]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zipped({"a.csv": CSV, "b.csv": CSV}), "holds 2 files"),
        (zipped({}), "holds no file"),
        (zipped({"word/document.xml": b"<w/>"}), "a Word document"),
        (arrow_file()[:-200], "damaged Arrow file"),
        (arrow_stream()[:-120], "damaged Arrow file"),
        (bz2.compress(CSV * 50)[:-20], "damaged or cut bzip2"),
        (lzma.compress(CSV * 50)[:-20], "damaged or cut xz"),
        (zstandard(CSV * 50)[:-20], "damaged or cut Zstandard"),
        (zipped({"a.csv": CSV})[:-30], "damaged or cut ZIP"),
        (b"[]", "an empty JSON array"),
        (b'{"a": 1}\n{"a": ', "cannot be read as rows: line 2 is no JSON"),
        (b'{"a": 1}\n' * 30_000 + b'\n{"a": 2,,}\n{"a": 3}\n', "rows: line 30,002 is no JSON"),
        (b'[{"a": 1}, {"a": 2,,}]', r"cannot be read as rows\. Write"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        opened(tmp_path, content)


def locked() -> bytes:
    content = bytearray(zipped({"a.csv": CSV}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    return bytes(content)


def link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        member = zipfile.ZipInfo("a.csv")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zipped({"../a.csv": CSV}), "a place outside itself"),
        (zipped({"/etc/a.csv": CSV}), "a place outside itself"),
        (zipped({"C:\\a.csv": CSV}), "a place outside itself"),
        (zipped({"x\\..\\..\\a.csv": CSV}), "a place outside itself"),
        (link(), "holds a link"),
        (zipped({"a.zip": zipped({"a.csv": CSV})}), "an archive within an archive"),
        (zipped({"a.csv.gz": gzip.compress(CSV)}), "an archive within an archive"),
        (gzip.compress(gzip.compress(CSV)), "an archive within an archive"),
        (zipped({"a.csv": b"a,b\n" + b"1,2\n" * 20_000_000}), "unpacks to more than"),
    ],
)
def test_what_an_archive_may_not_hold(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(RefusedFile, match=words):
        opened(tmp_path, content)


def test_a_locked_archive(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="locked with a password"):
        opened(tmp_path, locked())


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("write", [pq.write_table, lambda table, out: out.write(arrow_file(table))])
def test_times_of_any_zone_and_unit_are_read(unit: Any, write: Callable[[pa.Table, Any], None], tmp_path: Path) -> None:
    times = [datetime(2024, 3, 31, 1, tzinfo=UTC), None, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)]
    out = io.BytesIO()
    write(pa.table({"at": pa.array(times, pa.timestamp(unit, "Europe/Berlin"))}), out)
    _, table = opened(tmp_path, out.getvalue())
    assert table["at"].to_list() == times


def test_a_parquet_file_without_columns_is_not_called_damaged(tmp_path: Path) -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({}), out)
    with pytest.raises(UnreadableFile, match="has no columns"):
        opened(tmp_path, out.getvalue())
