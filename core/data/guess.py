"""Which column is what: target, time, key, inputs; with the reasons in words, for a person to correct."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl

from core.data.column import Column
from core.data.profile import Profile, profile_column
from core.scoping.project import TaskKind

# fmt: off
_TARGETS = (
    "target", "label", "class", "outcome", "y", "churn", "churned", "late", "default", "defaulted", "fraud",
    "survived", "response", "result", "converted", "diagnosis", "species", "quality", "price", "sales", "medv",
    "saleprice", "income", "attrition", "exited", "delayed", "failed", "is_fraud", "demand",
)
_HINTS = frozenset((
    "target", "label", "class", "outcome", "churn", "late", "default", "fraud", "survived", "result", "converted",
    "price", "sales", "delayed",
))
# fmt: on
_TIMES = re.compile(r"(^|_)(time|date|datetime|timestamp|day|at|when|month|ts)$", re.IGNORECASE)
_KEY = re.compile(
    r"(^|_|\b)(id|key|uuid|guid|no|number|nr)$|(?<=[a-z])(Id|ID|Key)$|^(id|row|index|column_1$)", re.IGNORECASE
)
_POSITIVE = frozenset(
    {"1", "true", "yes", "y", "t", "positive", "pos", "malignant", "late", "churned", "fraud", "default"}
)
_CLASSES = 20
_LEVELS = 200  # a text of more values is no category
_LISTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskGuess:
    """A first answer to "what is predicted from what"; ``candidates`` are possible targets, the best first.

    ``positive`` is the label a binary task looks for, as text; ``reasons`` are sentences.
    """

    target: str | None = None
    candidates: tuple[str, ...] = ()
    kind: TaskKind | None = None
    positive: str | None = None
    time: str | None = None
    entity: str | None = None
    inputs: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def guess_task(table: pl.DataFrame | Profile, *, target: str | None = None) -> TaskGuess:
    """Guess the task of a table or of its profile; a person's own choice of ``target`` decides the rest anew."""
    profile = _profile(table) if isinstance(table, pl.DataFrame) else table
    time = _time(profile)
    first = next(iter(profile), None)
    keys = [
        name
        for name, figures in profile.items()
        if name not in (time, target) and is_key(name, figures, first=name == first)
    ]
    free = [name for name in profile if name not in keys and name != time and profile[name]["kind"] != "time"]
    ranked = _ranked(profile, free)
    chosen = target if target in profile else (ranked[0] if ranked else None)
    kind = _kind(profile[chosen]) if chosen else None
    dropped = {name: _why_dropped(profile[name], key=name in keys) for name in profile if name not in (chosen, time)}
    positive = _positive(profile[chosen]) if chosen and kind is TaskKind.BINARY else None
    guess = TaskGuess(
        target=chosen,
        candidates=tuple(ranked),
        kind=kind,
        positive=positive,
        time=time,
        entity=keys[0] if keys else None,
        inputs=tuple(name for name, why in dropped.items() if not why),
    )
    return _with_reasons(guess, profile, dropped)


def is_key_name(name: str) -> bool:
    """Tell whether a column is named as one that identifies a row or its owner."""
    return bool(_KEY.search(name))


def _profile(frame: pl.DataFrame) -> Profile:
    now = datetime(1970, 1, 1)  # noqa: DTZ001 - no figure depends on it
    columns = enumerate(frame.columns)
    return {name: profile_column(Column(name=name, position=i, series=frame[name], now=now)) for i, name in columns}


def _time(profile: Profile) -> str | None:
    """Return the column of times: by its type, the one that is named so first; the fuller one where two are equal."""
    times = [name for name, figures in profile.items() if figures["kind"] == "time" and figures["distinct"] > 1]
    times += [
        name
        for name, figures in profile.items()
        if figures["kind"] == "text" and _TIMES.search(name) and _all_iso([level["value"] for level in figures["top"]])
    ]
    return min(times, key=lambda name: (profile[name]["nulls"], not _TIMES.search(name)), default=None)


def _all_iso(texts: Sequence[Any]) -> bool:
    try:
        return bool(texts) and all(datetime.fromisoformat(str(text)) for text in texts)
    except ValueError:
        return False


def is_key(name: str, figures: Mapping[str, Any], *, first: bool) -> bool:
    """Tell whether a column names a row, by its name and its figures; ``first``: it is the table's first."""
    if figures["kind"] not in ("text", "number") or figures["type"].startswith(("float", "decimal")):
        return False
    present = figures["count"] - figures["nulls"]
    if present < 2 or figures["nulls"]:
        return False
    unique = bool(figures["unique"])
    if _KEY.search(name):
        return unique or figures["distinct"] > 0.9 * present
    numbered = figures["kind"] == "number" and first and figures["max"] - figures["min"] + 1 == figures["distinct"]
    return unique and (numbered or figures["kind"] == "text") and present > _CLASSES


def _ranked(profile: Profile, free: Sequence[str]) -> list[str]:
    """Return the possible targets, the likeliest first; the later column where two are alike."""
    scores = {name: _score(name, profile[name], last=name == list(profile)[-1]) for name in free}
    places = {name: place for place, name in enumerate(profile)}
    possible = [name for name, score in scores.items() if score > 0]
    return sorted(possible, key=lambda name: (-scores[name], -places[name]))[:_LISTED]


def _score(name: str, figures: Mapping[str, Any], *, last: bool) -> float:
    many = figures["kind"] == "text" and figures["distinct"] > _CLASSES
    if figures["distinct"] < 2 or figures["missing_share"] > 0.5 or many:
        return 0.0
    plain = name.lower().strip()
    words = set(re.split(r"[^a-z0-9]+", plain))
    score = 0.1 + 1.5 * last
    if plain in _TARGETS:
        score += 4 - 0.02 * _TARGETS.index(plain)
    elif words & _HINTS or plain.startswith(("is_", "has_", "was_", "will_")):
        score += 2
    return score + (0.8 if figures["distinct"] == 2 else 0.3 if figures["distinct"] <= _CLASSES else 0.0)


def _kind(figures: Mapping[str, Any]) -> TaskKind:
    if figures["distinct"] <= 2:
        return TaskKind.BINARY
    if figures["kind"] in ("text", "boolean"):
        return TaskKind.MULTICLASS
    levels = [level["value"] for level in figures.get("top", ())]
    whole = bool(levels) and all(float(value).is_integer() for value in levels)
    classes = figures["distinct"] <= _CLASSES and figures["count"] >= 3 * figures["distinct"]
    return TaskKind.MULTICLASS if whole and classes else TaskKind.REGRESSION


def _positive(figures: Mapping[str, Any]) -> str | None:
    """Return the label that is looked for: the one that says yes, else the rarer one."""
    levels = [(_text(level["value"]), level["count"]) for level in figures.get("top", ())]
    telling = [text for text, _ in levels if text.lower() in _POSITIVE]
    return telling[0] if len(telling) == 1 else (levels[-1][0] if levels else None)


def _text(value: Any) -> str:
    """Spell a label as the models do: ``true``, ``1``."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _why_dropped(figures: Mapping[str, Any], *, key: bool) -> str:
    if key:
        return "names a row"
    if figures["kind"] == "time":
        return "is a time"
    if figures["distinct"] < 2:
        return "never changes"
    many = figures["kind"] == "text" and figures["distinct"] > _LEVELS
    return f"has {figures['distinct']:,} different texts" if many else ""


def _with_reasons(guess: TaskGuess, profile: Profile, dropped: Mapping[str, str]) -> TaskGuess:
    reasons: list[str] = []
    if guess.target:
        figures = profile[guess.target]
        last = "is the last column" if guess.target == list(profile)[-1] else "could be one"
        why = "is named like one" if guess.target.lower() in _TARGETS else last
        values = f"{figures['distinct']:,} different {'numbers' if figures['kind'] == 'number' else 'values'}"
        reasons.append(f"Target: `{guess.target}` {why} and has {values}.")
    if guess.positive is not None:
        reasons.append(f"Looked for: `{guess.positive}`.")
    if guess.time:
        reasons.append(f"Time: `{guess.time}` holds dates or times.")
    if guess.entity:
        reasons.append(f"Key: `{guess.entity}` is different in every row, or nearly.")
    out = [f"`{name}` ({why})" for name, why in dropped.items() if why and name != guess.entity]
    if out:
        more = " …" if len(out) > _LISTED else ""
        reasons.append(f"Left out of the inputs: {', '.join(out[:_LISTED])}{more}.")
    return replace(guess, reasons=tuple(reasons))
