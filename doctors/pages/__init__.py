"""How clinicians set up their work, and see under which licence they practise."""

from doctors.pages.account import account, credential
from doctors.pages.settings import receiving, service, settings

__all__ = ["account", "credential", "receiving", "service", "settings"]
