"""Every kind of request in the inbox: importing this fills it."""

from admin_portal.inbox import (
    corrections,
    credentials,
    evidence,
    glasses,
    handovers,
    imports,
    prices,
    privileges,
    roles,
)

__all__ = [
    "corrections",
    "credentials",
    "evidence",
    "glasses",
    "handovers",
    "imports",
    "prices",
    "privileges",
    "roles",
]
