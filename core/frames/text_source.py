"""Turn any text file into plain UTF-8 on disk: decoded, its encoding named."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import UnreadableFile
from core.frames import limits
from core.frames.encoding import guess_encoding, wide_encoding
from core.frames.magic import is_binary

_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_MISREAD = 0.001  # up to this share of odd bytes the file is UTF-8 with a few broken characters


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSource:
    """A plain UTF-8 file; ``broken`` counts the characters that could not be decoded."""

    path: Path
    encoding: str
    broken: int = 0


def plain_text(source: Path, folder: Path, *, name: str, encoding: str | None = None) -> TextSource:
    """Return ``source`` as UTF-8 without a byte-order mark, written to ``folder`` where it is not that already.

    Where ``encoding`` says how it is written, nothing is guessed.

    Raises
    ------
    UnreadableFile
        The bytes are no text in any encoding that could be found, or not in the one that was named.
    """
    if encoding is not None:
        return _as_told(source, folder, name=name, encoding=encoding)
    with source.open("rb") as stream:
        head = stream.read(limits.CHUNK)
    encoding = next((e for bom, e in _BOMS.items() if head.startswith(bom)), None) or wide_encoding(head)
    if encoding is None and is_binary(head):
        raise UnreadableFile(f"{name} is binary, not text. Drop a CSV, JSON, Parquet, Arrow or Excel file instead.")
    if encoding is None:
        odd = _odd_bytes(source)
        if not odd:
            return TextSource(path=source, encoding="utf-8")
        few = len(odd) <= max(1, _MISREAD * source.stat().st_size) and _has_multibyte(head)
        encoding = "utf-8" if few else _guess(source, odd[0])
    text = _transcode(source, folder / "plain.txt", encoding=encoding)
    if text.broken > 0.2 * max(text.path.stat().st_size, 1):
        raise UnreadableFile(
            f"{name} is no text in an encoding that is known here. Save it as UTF-8 and drop it again."
        )
    return text


def row_bytes(text: Path) -> int:
    """Return about how long a line is, by the first of them."""
    with text.open("rb") as stream:
        start = stream.read(limits.HEAD_BYTES)
    return max(1, len(start) // max(1, start.count(b"\n"), start.count(b"\r")))


def _as_told(source: Path, folder: Path, *, name: str, encoding: str) -> TextSource:
    known = _known(encoding, name=name)
    with source.open("rb") as stream:
        head = stream.read(limits.CHUNK)
    if known in ("utf-16", "utf-32") and not any(head.startswith(bom) for bom in _BOMS):
        known = wide_encoding(head) or f"{known}-le"
    text = _transcode(source, folder / "plain.txt", encoding=known)
    if text.broken > max(1, _MISREAD * source.stat().st_size) or _lost_its_lines(source, text.path):
        raise UnreadableFile(f"{name} is not written in {encoding}: read so, it is no text. Choose another encoding.")
    return text


def _lost_its_lines(source: Path, decoded: Path) -> bool:
    """Tell whether line ends became parts of other characters: any bytes are a text in UTF-16."""
    with source.open("rb") as before, decoded.open("rb") as after:
        return b"\n" in before.read(limits.CHUNK) and b"\n" not in after.read(limits.CHUNK)


def _known(encoding: str, *, name: str) -> str:
    try:
        known = codecs.lookup(encoding)
    except (LookupError, ValueError):
        known = None
    if known is None or not known._is_text_encoding:  # pyright: ignore[reportPrivateUsage] - hex and rot13 are codecs too
        raise UnreadableFile(f"{name} cannot be read as {encoding!r}: no such encoding is known. Choose another one.")
    return "utf-8-sig" if known.name == "utf-8" else known.name


def _odd_bytes(source: Path) -> list[int]:
    """Return the positions at which strict UTF-8 fails, at most a few thousand of them."""
    found: list[int] = []
    position = 0
    for chunk in _lines(source):
        start = 0
        while len(found) < 5_000:
            try:
                chunk[start:].decode("utf-8")
                break
            except UnicodeDecodeError as odd:
                found.append(position + start + odd.start)
                start += odd.end
        position += len(chunk)
    return found


def _lines(source: Path) -> Iterator[bytes]:
    """Yield chunks that end at a line's end, so that no character is cut."""
    rest = b""
    with source.open("rb") as stream:
        while chunk := stream.read(limits.CHUNK):
            chunk = rest + chunk
            cut = max(chunk.rfind(b"\n"), chunk.rfind(b"\r")) + 1 or len(chunk) - _tail(chunk)
            yield chunk[:cut]
            rest = chunk[cut:]
    yield rest


def _tail(chunk: bytes) -> int:
    """Return how many bytes at the end may belong to a character that is not complete."""
    for back in range(1, min(4, len(chunk)) + 1):
        if chunk[-back] >= 0xC0:
            return back
    return 0


def _has_multibyte(head: bytes) -> bool:
    decoded = head.decode("utf-8", errors="ignore")
    return any(character > "\x7f" for character in decoded)


def _guess(source: Path, first: int) -> str:
    """Guess from the part where characters begin that are not UTF-8."""
    with source.open("rb") as stream:
        stream.seek(max(0, first - 1_000))
        return guess_encoding(stream.read(65_536))


def _transcode(source: Path, target: Path, *, encoding: str) -> TextSource:
    broken = 0
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    with source.open("rb") as stream, target.open("w", encoding="utf-8", newline="") as out:
        for number, chunk in enumerate(iter(lambda: stream.read(limits.CHUNK), b"")):
            text = decoder.decode(chunk)
            broken += text.count("\ufffd")
            out.write((text if number else text.removeprefix("\ufeff")).replace("\x00", ""))
        out.write(decoder.decode(b"", final=True))
    return TextSource(path=target, encoding=encoding.removesuffix("-sig"), broken=broken)
