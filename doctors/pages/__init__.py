"""How clinicians set up their work; under which licence they practise, for them and for all."""

from doctors.pages.account import account, credential
from doctors.pages.settings import receiving, service, settings
from doctors.pages.staff import staff

__all__ = ["account", "credential", "receiving", "service", "settings", "staff"]
