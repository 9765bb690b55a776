"""Makes people and things for tests, by calling services: what they forbid cannot be made."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from hospital.accounts.models import Sitting, User


def sitting_of(user: User) -> Client:
    """A browser in which `user` is signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "hospital.accounts.backends.Accounts"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    store.save()
    Sitting.objects.filter(pk=store.digest).update(user=user)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    return client
