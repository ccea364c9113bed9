"""A contract: what data are agreed to look like; it judges files, windows of production and the inputs of models."""
