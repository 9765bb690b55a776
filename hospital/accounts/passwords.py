"""What makes a password good enough (8.1.4.1 a), asked through Django's own validators.

Each refuses with a sentence that says what to do. Spaces, Chinese and pasting are welcome, and
nothing is cut off.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.kernel.refusals import Refused

SHORTEST: Final = 12
LONGEST: Final = 256
_CLASSES, _DIFFERENT, _RUN = 3, 7, 5
_DISGUISE: Final = str.maketrans("@4031!5$7", "aaoeiisst")  # p@ssw0rd, and the like
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def require_strong(password: str, user: User) -> None:
    """Refuse with everything that is wrong with it, at once."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("".join(error.messages), code="password-weak") from error


class Length:
    def validate(self, password: str, _user: Any = None) -> None:
        if not SHORTEST <= len(password) <= LONGEST:
            raise ValidationError(_("密码至少 12 个字符，最多 256 个。"))


class Classes:
    """Three of: small letters, capitals, digits, anything else."""

    def validate(self, password: str, _user: Any = None) -> None:
        kinds = {_kind(character) for character in password}
        if len(kinds) < _CLASSES:
            raise ValidationError(_("小写字母、大写字母、数字、其他字符，至少要有三种。"))


class NotGuessable:
    """The user name and the words of this hospital do not count towards the length."""

    def validate(self, password: str, user: Any = None) -> None:
        left = _plain(password)
        name = getattr(user, "username", None) or ""
        for word in sorted({name, *settings.PASSWORD_CONTEXT_WORDS} - {""}, key=len, reverse=True):
            left = left.replace(_plain(word), "")
        if left != _plain(password) and len(left) < SHORTEST:
            raise ValidationError(_("账号名、医院名这些容易猜的词不算在 12 个字符里，请换一个。"))


class NotCommon(CommonPasswordValidator):
    """Of the commonest twenty thousand, disguised or with digits behind it, too."""

    def validate(self, password: str, _user: Any = None) -> None:
        disguised = _plain(password)
        bare = password.casefold()
        forms = {bare, disguised, _stem(bare), _stem(disguised), _stem(bare).translate(_DISGUISE)}
        if forms & self.passwords:
            raise ValidationError(_("这个密码太常见了，请换一个。"))


class NotMonotonous:
    """Enough different characters, and no long run like abcdef, 123456 or qwerty."""

    def validate(self, password: str, _user: Any = None) -> None:
        bare = password.casefold()
        if len(set(bare)) < _DIFFERENT or _longest_run(bare) > _RUN:
            raise ValidationError(_("密码里重复或连续的字符太多，请换一个。"))


def _kind(character: str) -> str:
    if character.isascii() and character.isalnum():
        return "digit" if character.isdigit() else "upper" if character.isupper() else "lower"
    return "other"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_DISGUISE)


def _stem(text: str) -> str:
    """Without the digits and signs around it."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)


def _longest_run(text: str) -> int:
    longest = run = 1
    before = 2
    for one, other in pairwise(text):
        step = _step(one, other)
        run = run + 1 if step is not None and step == before else 2 if step is not None else 1
        before = 2 if step is None else step
        longest = max(longest, run)
    return longest


def _step(one: str, other: str) -> int | None:
    """-1, 0 or 1 along the alphabet, the digits or a row of keys; None for anything else."""
    if (apart := ord(other) - ord(one)) in {-1, 0, 1}:
        return apart
    for row in _ROWS:
        if one in row and other in row and (apart := row.index(other) - row.index(one)) in {-1, 1}:
            return apart
    return None
