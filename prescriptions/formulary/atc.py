"""ATC codes as the tables use them: a table's code is a prefix of the codes it means."""

import re
from collections.abc import Iterable

CODE = re.compile(r"[ABCDGHJLMNPRSV]\d\d[A-Z]([A-Z](\d\d)?)?")  # from the third level down


def prefixes(codes: Iterable[str]) -> frozenset[str]:
    """Every table's code that means one of `codes`. M01A never means M01AX (glucosamine …)."""
    return frozenset(
        code[:length]
        for code in codes
        for length in range(1, len(code) + 1)
        if not (code.startswith("M01AX") and length == len("M01A"))
    )
