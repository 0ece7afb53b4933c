"""What patients write is kept encrypted, and keys can be changed."""

import pytest

from clinic.cipher import DEVELOPMENT_KEY, Cipher, new_key
from clinic.errors import SealError, SettingsError


def test_a_value_comes_back_and_cannot_be_read_meanwhile():
    cipher = Cipher([DEVELOPMENT_KEY])
    sealed = cipher.seal({"name": "Priya Ångström"})
    assert "Priya" not in sealed
    assert cipher.unseal(sealed) == {"name": "Priya Ångström"}


def test_a_new_key_still_reads_what_the_old_one_sealed():
    old, new = new_key(), new_key()
    sealed = Cipher([old]).seal("07400 123456")
    assert Cipher([new, old]).unseal(sealed) == "07400 123456"
    assert Cipher([old]).unseal(Cipher([old, new]).seal(1)) == 1


def test_a_lost_key_is_said():
    with pytest.raises(SealError, match="CLINIC_KEY"):
        Cipher([new_key()]).unseal(Cipher([new_key()]).seal("x"))


@pytest.mark.parametrize("keys", [["short"], []])
def test_what_is_no_key_is_refused(keys):
    with pytest.raises(SettingsError, match="python -m clinic key"):
        Cipher(keys)
