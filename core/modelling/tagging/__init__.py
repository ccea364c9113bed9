"""Errors looked at one by one: which are drawn, how people tagged them, and what mending each sort would bring."""
