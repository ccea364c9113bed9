"""What a file is by its first bytes, whatever its name says."""

from core.errors import RefusedFile, UnreadableFile

_EXECUTABLE = {
    b"MZ": "a Windows program",
    b"\x7fELF": "a Linux program",
    b"\xcf\xfa\xed\xfe": "a macOS program",
    b"\xca\xfe\xba\xbe": "a Java or macOS program",
    b"\x00asm": "a WebAssembly program",
}
_OTHER = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"BM": "a bitmap image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"%PDF": "a PDF document",
    b"{\\rtf": "an RTF document",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"SQLite format 3\x00": "an SQLite database",
    b"\x89HDF\r\n\x1a\n": "an HDF5 file",
    b"\x93NUMPY": "a NumPy array",
    b"ORC": "an ORC file",
    b"Obj\x01": "an Avro file",
    b"ID3": "an MP3 recording",
    b"OggS": "an Ogg recording",
    b"\x1aE\xdf\xa3": "a video",
}
_TABLE = "Drop a CSV, JSON, Parquet, Arrow or Excel file instead."


def refuse_other_kinds(head: bytes, *, name: str) -> None:
    """Refuse what is plainly not a table, naming what it is.

    Raises
    ------
    RefusedFile
        The file is a program or a pickle: opening such a file can run code.
    UnreadableFile
        The file is an image, a document, an archive or another kind of file that is no table.
    """
    if is_pickle(head):
        raise RefusedFile(f"{name} is a Python pickle, and opening one can run code: it is not opened. {_TABLE}")
    for magic, kind in _EXECUTABLE.items():
        if _starts(head, magic):
            raise RefusedFile(f"{name} is {kind}, not a table: it is not opened. {_TABLE}")
    kind = (
        _archive(head) or _page(head) or _media(head) or next((k for m, k in _OTHER.items() if _starts(head, m)), None)
    )
    if kind is not None:
        raise UnreadableFile(f"{name} is {kind}, not a table that can be read here. {_TABLE}")


def is_pickle(head: bytes) -> bool:
    """Tell whether the bytes begin as a binary pickle does (protocol 2 and later)."""
    return len(head) > 1 and head[0] == 0x80 and 2 <= head[1] <= 9


def is_binary(head: bytes) -> bool:
    """Tell whether the bytes hold what no text in a one-byte encoding or UTF-8 holds."""
    sample = head[:65_536]
    control = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\r\x0b\x0c\x1a\x1b\x1c\x1d\x1e\x1f\x01")
    return control > 0.01 * len(sample) + 3


def _starts(head: bytes, magic: bytes) -> bool:
    # Letters alone could begin a word: such a file must also hold bytes that no text holds.
    return head.startswith(magic) and (not magic.isalnum() or is_binary(head))


def _archive(head: bytes) -> str | None:
    return "a tar archive" if head[257:262] == b"ustar" else None


def _page(head: bytes) -> str | None:
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    return "an XML document" if start.startswith((b"<?xml", b"<svg")) else None


def _media(head: bytes) -> str | None:
    if _starts(head, b"RIFF"):
        return "a WebP image" if head[8:12] == b"WEBP" else "a sound or video recording"
    return "a video" if _starts(head[4:], b"ftyp") else None
