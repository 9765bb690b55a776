"""What a password must be (8.1.4.1 a): the weak, and beside them what is good enough."""

import pytest

from hospital.accounts.models import User
from hospital.accounts.passwords import require_strong
from hospital.kernel.refusals import Refused

CHEN = User(username="chensiyuan")
WEAK = {
    "too short": "Short-1a-xyz"[:11],
    "one kind of character": "alllowercaseletters",
    "two kinds": "lower and spaces only",
    "digits": "583920174659",
    "common": "Sunshine1234!",
    "common in disguise": "P@ssw0rd1111!",
    "a row of keys": "Zqwertyuiop-7",
    "the user name": "Chensiyuan-2026",
    "this hospital": "Hospital-2026!!",
    "few different ones": "Aa1!Aa1!Aa1!",
    "a run of the alphabet": "Xabcdefghij-1",
    "one over and over": "Aaaaaaaaaaa1!",
}
GOOD = {
    "twelve, three kinds": "Lantern7rive",
    "words with signs": "Lantern-7-rivers",
    "Chinese": "春江潮水连海平-Moon7",
    "spaces": "correct Horse battery 9",
    "sixty-four": "7Lantern-river." * 4 + "moon",
    "the longest": "7Lantern-river." * 17 + "!",
    "the user name in something long": "chensiyuan likes 7 Green rivers",
    "a short run": "Lantern-123-rivers",
}


@pytest.mark.parametrize("password", WEAK.values(), ids=WEAK)
def test_a_weak_password_is_refused(password):
    with pytest.raises(Refused) as refused:
        require_strong(password, CHEN)
    assert refused.value.code == "password-weak"
    assert refused.value.message


def test_twelve_weak_cases_are_listed():
    assert len(WEAK) == 12


@pytest.mark.parametrize("password", GOOD.values(), ids=GOOD)
def test_a_good_password_is_taken(password):
    require_strong(password, CHEN)


def test_beyond_the_longest_it_is_refused_and_never_cut():
    longest = GOOD["the longest"]
    assert len(longest) == 256
    with pytest.raises(Refused):
        require_strong(longest + "x", CHEN)


def test_another_persons_name_is_just_a_word():
    require_strong("Chensiyuan-2026", User(username="luomin"))
