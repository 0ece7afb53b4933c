"""The reference that a patient is given."""

import re

import pytest

from clinic.reference import find_reference, new_reference


def test_a_new_reference_is_short_and_random():
    drawn = {new_reference() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(re.fullmatch(r"KC-[0-9A-HJKMNP-TV-Z]{6}", one) for one in drawn)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("my reference is KC-7F4Q2M thanks", "KC-7F4Q2M"),
        ("kc 7f4q2m", "KC-7F4Q2M"),
        ("KC7F4Q2O", "KC-7F4Q20"),
        ("ref kc-7l4qiM", "KC-714Q1M"),
        ("I have no reference", None),
        ("KC-7F4Q2MX9", None),
    ],
)
def test_a_reference_is_found_as_patients_write_it(text, reference):
    assert find_reference(text) == reference
