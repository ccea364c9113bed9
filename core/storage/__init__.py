"""Records, artifacts and predictions: the only code that knows the database."""
