"""Logged runs: tables of their own, made for many rows and for search."""
