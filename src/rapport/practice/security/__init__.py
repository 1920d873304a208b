"""Keys, audit, accounts and policy: what keeps the record safe."""
