"""Code of two runs: only a plain address of one repository becomes a link, and a diff says what a patch would do."""

import pytest

from core.errors import InvalidInput
from core.modelling.tracking.code import MOST_LINES, Code, code_of, compare_address, difference, is_source, text_of

A, B = "a" * 40, "b" * 40


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("https://github.com/org/repo.git", f"https://github.com/org/repo/compare/{A}...{B}"),
        ("https://github.com/org/repo", f"https://github.com/org/repo/compare/{A}...{B}"),
        ("https://gitlab.com/g/sub/repo.git/", f"https://gitlab.com/g/sub/repo/-/compare/{A}...{B}"),
        ("https://gitlab.example.org:8443/g/r", f"https://gitlab.example.org:8443/g/r/-/compare/{A}...{B}"),
        ("https://me:secret@github.com/org/repo", ""),
        ("https://github.com@evil.example/org/repo", ""),
        ("http://github.com/org/repo", ""),
        ("git@github.com:org/repo.git", ""),
        ("javascript:alert(1)//github.com/a/b", ""),
        ("https://github.com/org/repo?x=1", ""),
        ("https://github.com/org/repo)[x](https://evil.example", ""),
        ("https://example.org/org/repo", ""),
        ("", ""),
    ],
)
def test_a_link_to_compare_commits(repository: str, address: str) -> None:
    left, right = Code(commit=A, repository=repository), Code(commit=B, repository=repository)
    assert compare_address(left, right) == address


def test_without_two_commits_of_one_repository_there_is_no_link() -> None:
    left = Code(commit=A, repository="https://github.com/org/repo")
    for right in (
        left,
        Code(commit=B, repository="https://github.com/org/other"),
        Code(commit="", repository=left.repository),
        Code(commit="main/../../x", repository=left.repository),
    ):
        assert compare_address(left, right) == ""


def test_what_the_tags_say() -> None:
    assert code_of({"team": "a"}) == Code()
    said = code_of({"mlflow.source.git.commit": A, "mlflow.source.git.dirty": "True"})
    assert (said.commit, said.dirty, said.uncommitted) == (A, True, "")
    assert code_of({"mlflow.source.git.diff": "+x"}).dirty


def test_a_difference_turns_the_one_text_into_the_other() -> None:
    left = "\n".join(f"line {n}" for n in range(30))
    right = left.replace("line 10\n", "line ten\n").replace("line 20\n", "")
    lines = difference(left, right).splitlines()
    assert [line for line in lines if line[0] in "+-"] == ["-line 10", "+line ten", "-line 20"]
    assert [line for line in lines if line[0] == "@"] == ["@@ -8,7 +8,7 @@", "@@ -18,7 +18,6 @@"]
    assert difference(left, left) == ""
    assert difference("-- a\n", "++ b\n").splitlines()[1:] == ["--- a", "+++ b"]


def test_only_text_of_a_bounded_size_is_compared() -> None:
    assert is_source("code/train.py")
    assert not is_source("model.pkl")
    assert text_of("\ufeffgrüße".encode(), "a.py") == "grüße"
    with pytest.raises(InvalidInput, match="no text"):
        text_of(b"\xff\xfe", "a.py")
    with pytest.raises(InvalidInput, match="too large"):
        text_of(b"\n" * (MOST_LINES + 1), "a.py")
