"""Every kind of request in the inbox: importing this fills it."""

from admin_portal.inbox import (
    corrections,
    credentials,
    glasses,
    imports,
    prices,
    privileges,
    roles,
)

__all__ = ["corrections", "credentials", "glasses", "imports", "prices", "privileges", "roles"]
