"""The flights project's data; see README.md for where they come from."""
