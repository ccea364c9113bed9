"""The code of two logged runs: commits, what was not committed, and the text of the source files that both keep.

Source of the tags: ``mlflow/utils/mlflow_tags.py``. A run's tags are whatever its client wrote.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import PurePosixPath

from core.errors import InvalidInput

MOST_BYTES, MOST_LINES = 200_000, 3_000
"""How large a source file may be to be compared line by line."""

_SOURCES = {".py", ".r", ".jl", ".scala", ".java", ".sql", ".sh", ".yaml", ".yml", ".toml", ".cfg", ".ini", ".txt"}
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_REPOSITORY = re.compile(
    r"https://((?:[\w\-]+\.)+[a-z]+(?::[0-9]+)?)/((?:[\w.~\-]+/)+[\w.~\-]+?)(?:\.git)?/?", re.ASCII
)
_COMPARE = {"github": "https://{}/{}/compare/{}...{}", "gitlab": "https://{}/{}/-/compare/{}...{}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a run says of its code; empty where it says nothing. ``uncommitted`` is a diff, as far as it was logged."""

    commit: str = ""
    repository: str = ""
    dirty: bool = False
    uncommitted: str = ""


def code_of(tags: Mapping[str, str]) -> Code:
    """Return what a run's tags say of its code."""
    said = {part: tags.get(f"mlflow.source.git.{part}", "") for part in ("commit", "repoURL", "dirty", "diff")}
    return Code(
        commit=said["commit"],
        repository=said["repoURL"],
        dirty=said["dirty"].lower() == "true" or bool(said["diff"]),
        uncommitted=said["diff"],
    )


def compare_address(left: Code, right: Code) -> str:
    """Return the page on which GitHub or GitLab compares two commits of one repository; empty where there is none.

    Only a plain ``https://`` address of a repository becomes a link: one with a name or a password in it does not.
    """
    found = _REPOSITORY.fullmatch(left.repository)
    commits = left.commit, right.commit
    apart = commits[0] != commits[1] and all(_COMMIT.fullmatch(commit) for commit in commits)
    if found is None or left.repository != right.repository or not apart:
        return ""
    form = _COMPARE.get(found[1].partition(".")[0], "")
    return form.format(found[1], found[2], *commits)


def is_source(path: str) -> bool:
    """Tell whether a logged file is code or configuration, by its name."""
    return PurePosixPath(path).suffix.lower() in _SOURCES


def text_of(content: bytes, path: str) -> str:
    """Return the text of a source file.

    Raises
    ------
    InvalidInput
        It is no text, or too large to be compared line by line.
    """
    if len(content) > MOST_BYTES or content.count(b"\n") > MOST_LINES:
        raise InvalidInput(
            f"{path} is too large to be compared line by line: that takes at most {MOST_LINES:,} lines and "
            f"{MOST_BYTES // 1_000} kB. Download both, and compare them in your editor."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is no text in UTF-8, so its lines cannot be compared.") from error
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def difference(left: str, right: str) -> str:
    """Return what differs between two texts as a unified diff, three lines of context round each change."""
    lines = unified_diff(left.splitlines(), right.splitlines(), lineterm="")
    return "\n".join(list(lines)[2:])  # the first two name the files, which the reader knows
