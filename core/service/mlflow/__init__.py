"""MLflow's protocol: a team's training code logs here without a change."""
