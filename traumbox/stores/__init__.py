"""What lasts: the ledger (SQLite), the index (LanceDB), a cache that may be deleted, the lock."""
