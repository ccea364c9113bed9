"""The only door to storage: every act checks permission, stores, and writes the ledger in one transaction."""
