"""A Merkle tree that only grows (RFC 6962, section 2.1), kept as the roots of its full subtrees, largest first."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def grown(subtrees: Sequence[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The full subtrees after one more leaf; `size` is how many leaves there were."""
    grown_trees = [*subtrees, leaf]
    while size & 1:
        right, left = grown_trees.pop(), grown_trees.pop()
        grown_trees.append(_node(left, right))
        size >>= 1
    return grown_trees


def root_of(subtrees: Sequence[bytes]) -> bytes:
    """The root hash over the full subtrees."""
    if not subtrees:
        return hashlib.sha256(b"").digest()
    root = subtrees[-1]
    for subtree in reversed(subtrees[:-1]):
        root = _node(subtree, root)
    return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
