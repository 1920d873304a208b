"""What the rest of the practice uses of the keys: `from rapport.practice.security.keys import api as keys`."""

from rapport.practice.security.keys.compartments import (
    Compartment,
    KeyDestroyed,
    author,
    client,
    create_compartment,
    group,
    open_together,
    practice,
    process_note,
)
from rapport.practice.security.keys.erasure import destroy_compartment, empty_log, replay_erasures
from rapport.practice.security.keys.seals import (
    SealBroken,
    keyed_hash,
    seal,
    seal_bytes,
    seal_data,
    unseal,
    unseal_bytes,
    unseal_data,
    unseal_data_or,
    unseal_or,
)

__all__ = [
    "Compartment",
    "KeyDestroyed",
    "SealBroken",
    "author",
    "client",
    "create_compartment",
    "destroy_compartment",
    "empty_log",
    "group",
    "keyed_hash",
    "open_together",
    "practice",
    "process_note",
    "replay_erasures",
    "seal",
    "seal_bytes",
    "seal_data",
    "unseal",
    "unseal_bytes",
    "unseal_data",
    "unseal_data_or",
    "unseal_or",
]
