from tests.dashboard.lived import at, lives

__all__ = ["at", "lives"]
