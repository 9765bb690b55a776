"""Who is asking, past the gate of a door that only the signed-in pass."""

from django.http import HttpRequest

from hospital.accounts.models import User


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "a door for everybody asks for no user"
    return request.user
