"""Filters: what the grammar reads, and thousands of random ones that it may only read or refuse in one sentence.

``FULLCIRCLE_FILTERS=50000`` sends as many to the server.
"""

import os
import string
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.modelling.tracking.search.condition import Condition, Entity, Operator, Ordering
from core.modelling.tracking.search.experiments import EXPERIMENTS
from core.modelling.tracking.search.grammar import parse_filter, parse_orderings
from core.modelling.tracking.search.runs import RUNS
from core.modelling.tracking.search.vocabulary import Vocabulary
from tests.service.mlflow.conftest import Server

SENT = int(os.environ.get("FULLCIRCLE_FILTERS", "1000"))
WORDS = """
metrics metrics. metrics.auc params.depth tags.mlflow.runName tag. attributes.status status start_time end_time run_id
artifact_uri datasets.name dataset.context name experiment_id creation_time AND and OR NOT IN IS NULL LIKE ILIKE ASC
DESC BETWEEN ` ' " . , ( ) () (( ; = != < <= > >= == <> ~ % _ * -- /* \\ é ½ ٣ 0 1 -1 0.5 .5 5. 1e5 1e999 -1e-999 0x1
1_0 nan inf 'a' '' 'it''s' "b" '%' 'a%b_c' '\\' '[*?' ('a','b') ('a',) (1)
"""
PIECES = (
    *WORDS.split(),
    *("metric.`a b`", 'params."x y"', "attribute.`Run Name`", "NOT IN", "IS NOT NULL", "\x00", "\ud800"),
    *("9" * 19, "9" * 400, "'" + "x" * 9000 + "'"),
)
VALID = (
    "metrics.auc > 0.5",
    "metrics.`a b` != -1e5",
    "params.depth = '6'",
    "params.\"x y\" LIKE '%'",
    "tags.t ILIKE 'A_'",
    "tags.mlflow.user IS NULL",
    "params.p IS NOT NULL",
    "status IN ('FINISHED', 'FAILED')",
    "run_id NOT IN ('a',)",
    "start_time >= 1",
    "end_time < 1e18",
    "datasets.name = 'd'",
    "dataset.context IN ('x')",
    "artifact_uri LIKE 'm%'",
    "name = 'a'",
    "creation_time > 1",
)


def random_filter(chance: Random) -> str:
    kind = chance.random()
    if kind < 0.3:
        return " AND ".join(chance.choices(VALID, k=chance.randrange(1, 6)))
    if kind < 0.8:
        return chance.choice(["", " "]).join(chance.choices(PIECES, k=chance.randrange(0, 12)))
    if kind < 0.9:
        text = " AND ".join(chance.choices(VALID, k=2))
        place = chance.randrange(len(text))
        return text[:place] + chance.choice(string.printable) + text[place + chance.randrange(3) :]
    return "".join(chance.choices(string.printable, k=chance.randrange(40)))


def refusal_of(parse: Callable[..., object], asked: object, vocabulary: Vocabulary) -> str | None:
    try:
        parse(asked, vocabulary)
    except InvalidInput as refusal:
        return str(refusal)
    return None


@pytest.mark.parametrize("vocabulary", [RUNS, EXPERIMENTS], ids=lambda vocabulary: vocabulary.things)
def test_random_filters_are_read_or_refused_in_a_sentence(vocabulary: Vocabulary) -> None:
    chance, read = Random(1), 0
    for _ in range(5_000):
        for parse, asked in ((parse_filter, random_filter(chance)), (parse_orderings, [random_filter(chance)])):
            told = refusal_of(parse, asked, vocabulary)
            read += told is None
            assert told is None or (told.endswith(".") and len(told) < 500)
    assert read > 200


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    refusal_of(parse_filter, text, RUNS)
    refusal_of(parse_orderings, [text], RUNS)


def test_random_filters_are_never_a_500(either_server: Server) -> None:
    for n in range(5):
        run = either_server.post("runs/create", {"run_name": f"r{n}"}).json()["run"]["info"]["run_id"]
        either_server.post("runs/log-metric", {"run_id": run, "key": "auc", "value": n / 4, "timestamp": 1})
        either_server.post("runs/log-parameter", {"run_id": run, "key": "depth", "value": str(n)})
    chance, passed = Random(2), 0
    for _ in range(SENT):
        text = random_filter(chance).encode("utf-8", "replace").decode()
        path, content = "runs/search", {"experiment_ids": ["0"], "filter": text}
        if chance.random() < 0.3:
            path, content = "experiments/search", {"filter": text}
        if chance.random() < 0.3:
            content = {**content, "filter": chance.choice(VALID), "order_by": [text]}
        answer = either_server.post(path, content)
        passed += answer.status_code == 200
        if answer.status_code != 200:
            told = answer.status_code, answer.json()["error_code"]
            assert told == (400, "INVALID_PARAMETER_VALUE"), (content, answer.text)
    assert passed > SENT / 10


def test_the_grammar_gives_a_tree_of_values() -> None:
    assert parse_filter("", RUNS) == ()
    assert parse_filter("metrics.a > 1 AND ", RUNS) == parse_filter("metrics.a > 1", RUNS)  # code that joins ends so
    assert parse_filter("metrics.`a b`<-1e5", RUNS) == (
        Condition(entity=Entity.METRIC, key="a b", operator=Operator.LESS, wanted=-1e5),
    )
    assert parse_filter("attributes.`Run Name` ilike 'it''s' AND status IN ('A',\"B\",)", RUNS) == (
        Condition(entity=Entity.ATTRIBUTE, key="run_name", operator=Operator.ILIKE, wanted="it's"),
        Condition(entity=Entity.ATTRIBUTE, key="status", operator=Operator.IN, wanted=("A", "B")),
    )
    assert parse_orderings(["metrics.`a b` DESC", "created"], RUNS) == (
        Ordering(entity=Entity.METRIC, key="a b", ascending=False),
        Ordering(entity=Entity.ATTRIBUTE, key="start_time"),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("metrics.auc >", "character 14"),
        ("metrics.auc > 'a'", "without quotes"),
        ("params.depth = 6", "write 'value'"),
        ("params.depth > '6'", "compares the parameter 'depth' by >"),
        ("params.x='5", "never closes it"),
        ("metrics.a = 1 OR metrics.b = 2", "there is no OR"),
        ("(metrics.a = 1)", "character 1"),
        ("foo.x = 1", "'foo'"),
        ("nonsense = 'x'", "'nonsense'"),
        ("metrics. = 5", "a name behind metrics."),
        ("metrics.a IS NULL", "IS NULL"),
        ("start_time > 9223372036854775808", "smaller number"),
        ("status IN ()", "text in quotes"),
        ("tags.a NOT LIKE 'x'", "NOT IN"),
        ("datasets.rows = '1'", "'rows'"),
    ],
)
def test_a_refusal_says_what_and_where(text: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_filter(text, RUNS)
    assert told in str(refusal.value)
    assert str(refusal.value).endswith(".")
