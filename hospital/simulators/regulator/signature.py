"""Whether a delivery comes from the hospital, is of now, and was not seen before."""

import hmac
import time
from collections import OrderedDict
from collections.abc import Mapping

from hospital.simulators.regulator.sm3 import hmac_sm3, sm3

MAX_SKEW_SECONDS = 300
REMEMBERED_NONCES = 100_000

OK, BAD_SIGNATURE, SKEWED, REPLAYED = 0, 1001, 1002, 1003


class SignatureCheck:
    def __init__(self, key: str) -> None:
        self._key = key
        self._seen: OrderedDict[str, None] = OrderedDict()

    def code(self, headers: Mapping[str, str], method: str, path: str, body: bytes) -> int:
        told = {name: headers.get(f"x-{name}", "") for name in ("app-id", "timestamp", "nonce")}
        digest = sm3(body)
        if not all(told.values()) or headers.get("x-body-sm3", "").lower() != digest:
            return BAD_SIGNATURE
        signed = "\n".join([told["app-id"], told["timestamp"], told["nonce"], method, path, digest])
        signature = headers.get("x-signature", "").lower()
        if not hmac.compare_digest(signature.encode(), hmac_sm3(self._key, signed).encode()):
            return BAD_SIGNATURE
        if not told["timestamp"].isdigit():
            return SKEWED
        if abs(time.time() - int(told["timestamp"]) / 1000) > MAX_SKEW_SECONDS:
            return SKEWED
        return self._remember(told["nonce"])

    def _remember(self, nonce: str) -> int:
        if nonce in self._seen:
            return REPLAYED
        self._seen[nonce] = None
        if len(self._seen) > REMEMBERED_NONCES:
            self._seen.popitem(last=False)
        return OK
