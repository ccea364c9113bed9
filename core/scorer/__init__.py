"""The Open Inference Protocol server: no workspace, no storage, no credentials."""
