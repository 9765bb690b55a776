"""The two ciphers against their published vectors, and the envelope against its promises."""

import base64
import json
import os

import pytest
from django.core.exceptions import ImproperlyConfigured

from hospital.kernel import ciphers, keyring
from hospital.kernel.ciphers import Undecipherable, fingerprint, seal, unseal


def test_aes_256_gcm_gives_the_published_vector():
    """McGrew and Viega, The Galois/Counter Mode of Operation (GCM), test case 16."""
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    text = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    body = ciphers.aes_seal(key, nonce, text, bound)
    assert body.hex() == (
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    assert ciphers.aes_open(key, nonce, body, bound) == text


def test_sm4_gcm_gives_the_published_vector():
    """RFC 8998, appendix A.1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    text = bytes.fromhex(
        "aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8
    )
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    body = ciphers.sm4_seal(key, nonce, text, bound)
    assert body.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert ciphers.sm4_open(key, nonce, body, bound) == text


@pytest.fixture
def keys(settings, tmp_path, monkeypatch):
    """A keyring of our own; `keys.write(...)` changes it."""

    def write(current="k1", **named):
        path = tmp_path / "keys.json"
        spare = base64.b64encode(b"i" * 32).decode()
        made = {kid: base64.b64encode(key).decode() for kid, key in named.items()}
        path.write_text(
            json.dumps(
                {"field": {"current": current, "keys": made}, "index": spare, "signing": spare}
            )
        )
        settings.FIELD_KEYS_FILE = str(path)
        monkeypatch.setattr(keyring, "_held", None)

    write(k1=b"1" * 32)
    return write


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_what_is_sealed_opens_again_and_never_reads_the_same_twice(keys, cipher):
    first, second = (seal("王秀兰", bound_to="a|1", cipher=cipher) for _ in range(2))
    assert first != second
    assert unseal(first, bound_to="a|1") == unseal(second, bound_to="a|1") == "王秀兰"


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_a_value_moved_to_another_row_does_not_open(keys, cipher):
    sealed = seal("王秀兰", bound_to="patients.patient.name|1", cipher=cipher)
    with pytest.raises(Undecipherable):
        unseal(sealed, bound_to="patients.patient.name|2")


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_one_changed_byte_is_noticed(keys, cipher):
    head, _, payload = seal("王秀兰", bound_to="a", cipher=cipher).rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(payload))
    raw[-1] ^= 1
    with pytest.raises(Undecipherable):
        unseal(f"{head}.{base64.urlsafe_b64encode(raw).decode()}", bound_to="a")


def test_a_wrong_key_raises_and_never_returns_the_ciphertext(keys):
    sealed = seal("王秀兰", bound_to="a")
    keys(k1=b"2" * 32)
    with pytest.raises(Undecipherable):
        unseal(sealed, bound_to="a")


def test_old_keys_open_what_new_ones_no_longer_write(keys):
    old = seal("王秀兰", bound_to="a")
    keys(current="k2", k1=b"1" * 32, k2=b"2" * 32)
    new = seal("王秀兰", bound_to="a")
    assert (old.split(".")[2], new.split(".")[2]) == ("k1", "k2")
    assert unseal(old, bound_to="a") == unseal(new, bound_to="a")


@pytest.mark.parametrize(
    "garbage", ["", "王秀兰", "v1.aes.k1", "v1.aes.k1.!!!", "v2.aes.k1.AAAA", "v1.rot.k1.AAAA"]
)
def test_what_is_no_envelope_is_undecipherable(keys, garbage):
    with pytest.raises(Undecipherable):
        unseal(garbage, bound_to="a")


def test_a_short_key_stops_the_start(keys):
    keys(k1=os.urandom(16))
    with pytest.raises(ImproperlyConfigured):
        keyring.keyring()


def test_fingerprints_differ_by_purpose_and_agree_by_value(keys):
    same = fingerprint("13800006620", purpose="user.phone")
    assert same == fingerprint("13800006620", purpose="user.phone")
    assert same != fingerprint("13800006620", purpose="patient.phone")
    assert "13800006620" not in same
