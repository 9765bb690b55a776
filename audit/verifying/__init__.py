"""Checks the whole trail from its rows, and names the first that is not what was sealed."""

from audit.verifying.verdict import Finding, Verdict, What
from audit.verifying.verify import verify

__all__ = ["Finding", "Verdict", "What", "verify"]
