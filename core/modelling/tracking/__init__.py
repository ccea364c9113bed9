"""What training code logs, in MLflow's terms: experiments, runs, and how both are searched."""
