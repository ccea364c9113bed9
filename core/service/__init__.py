"""HTTP of the web process: Starlette routes over the workspace."""
