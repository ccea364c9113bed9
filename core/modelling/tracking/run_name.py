"""Names for runs that come without one."""

from random import Random

_FIRST = (
    "able", "amber", "bold", "brisk", "calm", "clear", "clever", "deep", "eager", "early", "fair", "fine", "fresh",
    "gentle", "glad", "golden", "grand", "keen", "kind", "light", "lively", "lucky", "mellow", "merry", "neat",
    "open", "polite", "proud", "quick", "quiet", "rare", "ready", "round", "silent", "smart", "stately", "sunny",
    "swift", "tidy", "upbeat", "vivid", "warm", "wise",
)  # fmt: skip
_SECOND = (
    "ant", "auk", "bat", "bear", "bee", "calf", "carp", "cod", "colt", "crab", "crane", "crow", "deer", "dove", "duck",
    "elk", "finch", "fish", "fox", "frog", "goat", "goose", "gull", "hare", "hawk", "ibis", "jay", "kite", "lark",
    "lynx", "mole", "moth", "newt", "owl", "panda", "perch", "ray", "robin", "seal", "shrew", "swan", "toad", "wren",
)  # fmt: skip


def run_name(chance: Random) -> str:
    """Return a name that a person can say: ``calm-heron-381``."""
    return f"{chance.choice(_FIRST)}-{chance.choice(_SECOND)}-{chance.randrange(1000)}"
