"""MLflow's filter grammar: text in, a small tree of values out."""
