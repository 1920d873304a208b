"""The keys of the record: one per compartment, destroyed on erasure."""
