"""What makes the trail provable, as pure functions: no database, no settings, no clock.

Whoever has a bundle or a receipt and the public key checks it with this folder alone.
"""

from audit.proofs.heads import Head, SignedHead, key_id, load_keys
from audit.proofs.merkle import (
    Growing,
    Hashing,
    consistency,
    is_consistent,
    is_included,
    path,
    root,
)
from audit.proofs.receipts import receipt_is_true

__all__ = [
    "Growing",
    "Hashing",
    "Head",
    "SignedHead",
    "consistency",
    "is_consistent",
    "is_included",
    "key_id",
    "load_keys",
    "path",
    "receipt_is_true",
    "root",
]
