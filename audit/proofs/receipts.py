"""A receipt: that one event stands in the trail, checked with the public key alone."""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit.proofs.heads import Keys, SignedHead, key_id, load_keys
from audit.proofs.merkle import Hashing, is_included


def receipt_is_true(
    receipt: Mapping[str, Any], public_key: Keys | Ed25519PublicKey | str | bytes
) -> bool:
    """Whether text, index and path lead to the root that the hospital has signed.

    `receipt` is what `audit.selectors.receipt` gives: text, hash, index, size, path, head. The
    public key is one key, keys by id, or PEM. A receipt of another shape is not true, no error.
    """
    try:
        signed = SignedHead.from_json(receipt["head"])
        hashing = Hashing(signed.head.algorithm)
        leaf = hashing.leaf(receipt["text"].encode())
        siblings = [bytes.fromhex(each) for each in receipt["path"]]
        index, size = int(receipt["index"]), int(receipt["size"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return (
        receipt.get("hash") == leaf.hex()
        and size == signed.head.size
        and is_included(leaf, index, size, siblings, signed.head.root, hashing)
        and signed.is_signed(_by_id(public_key))
    )


def _by_id(public_key: Keys | Ed25519PublicKey | str | bytes) -> Keys:
    match public_key:
        case Ed25519PublicKey():
            return {key_id(public_key): public_key}
        case str():
            return load_keys(public_key.encode())
        case bytes():
            return load_keys(public_key)
    return public_key
