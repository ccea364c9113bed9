"""Durable background work: the only code that knows DBOS."""
