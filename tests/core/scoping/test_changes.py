from core.scoping.changes import Change, changed_answers, changed_words
from core.scoping.documents import DOCUMENT_KINDS


def told(before: str, after: str) -> list[tuple[Change, str]]:
    return [(piece.change, piece.text) for piece in changed_words(before, after)]


def test_a_changed_word_stands_between_the_words_that_stayed():
    assert told("find three in ten late flights", "find four in ten late flights") == [
        (Change.SAME, "find "),
        (Change.REMOVED, "three"),
        (Change.ADDED, "four"),
        (Change.SAME, " in ten late flights"),
    ]


def test_both_texts_can_be_read_off():
    before, after = "The desk (at JFK) rebooks.\nTwice.", "The desk at JFK and LGA rebooks!\nTwice."
    pieces = changed_words(before, after)
    assert "".join(p.text for p in pieces if p.change is not Change.ADDED) == before
    assert "".join(p.text for p in pieces if p.change is not Change.REMOVED) == after


def test_only_answers_that_differ_are_told_in_the_order_of_the_questions():
    before = {"problem": "Late flights.", "stop": "Never. ", "cost": "Money."}
    after = {"stop": "Never.", "cost": "Trust.", "problem": "Late trains."}
    changes = changed_answers(DOCUMENT_KINDS["goals"], before, after)
    assert [change.question for change in changes] == [
        "Which problem do we solve, and for whom?",
        "What does a miss cost, and what does a false alarm cost?",
    ]


def test_a_first_answer_is_added_whole():
    (change,) = changed_answers(DOCUMENT_KINDS["goals"], {}, {"stop": "At a loss."})
    assert [(p.change, p.text) for p in change.pieces] == [(Change.ADDED, "At a loss.")]
