"""What only the owner of an old account knows, asked where a phone alone is not enough.

Carriers give a cancelled number to somebody else. A right code from a browser that this account
has never seen, after a long silence, therefore opens nothing yet. What can be asked is known to
the room that holds the records, which fills this registry; without one nothing is ever asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django import forms

from hospital.accounts.models import User


@dataclass(frozen=True)
class Question:
    form: type[forms.Form]  # what is asked, in words
    is_asked: Callable[[User], bool]  # whether the account has a record to protect
    check: Callable[[User, Mapping[str, str]], bool]  # the answers by the form's names


class _Nothing(forms.Form):
    pass


_question = Question(_Nothing, lambda _user: False, lambda _user, _answers: False)


def register(
    *,
    form: type[forms.Form],
    is_asked: Callable[[User], bool],
    check: Callable[[User, Mapping[str, str]], bool],
) -> None:
    """`check` answers the same way, and as slowly, for an account of which nothing is known."""
    global _question
    _question = Question(form, is_asked, check)


def question() -> Question:
    return _question
