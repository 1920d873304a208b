"""Password hashing: argon2id, memory-hard (ASVS 5.0 appendix C asks for at least 46 MiB)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class MemoryHardHasher(Argon2PasswordHasher):
    """64 MiB, two passes, one lane: about a tenth of a second, and a small server survives several at once."""

    memory_cost = 65_536
    time_cost = 2
    parallelism = 1
