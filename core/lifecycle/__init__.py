"""Where a project stands, what waits, and the thread through its records: reads all phases, pure."""
