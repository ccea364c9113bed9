"""Widgets that two or more views use."""
