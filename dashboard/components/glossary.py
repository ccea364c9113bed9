"""The product's terms where they are met."""

from dashboard.vocabulary import GLOSSARY


def term(word: str) -> str:
    """Return the sentence that explains ``word``, for the ``help=`` of a widget.

    Raises
    ------
    KeyError
        The glossary lacks the word: add it to the vocabulary.
    """
    return f"**{word}.** {GLOSSARY[word]}"


def found(query: str) -> dict[str, str]:
    """Return the terms that contain ``query``, in their name first, then in their sentence."""
    wanted = query.casefold().strip()
    named = {word: text for word, text in GLOSSARY.items() if wanted in word.casefold()}
    return named | {word: text for word, text in GLOSSARY.items() if wanted in text.casefold()}
