"""The clinic's treatments are found under the names that patients use."""

import pytest

from clinic.nlu.treatment_names import TreatmentNames


@pytest.fixture(scope="module")
def names(content):
    return TreatmentNames(content)


@pytest.mark.parametrize(
    ("message", "treatments"),
    [
        ("does freezing hurt", ["cryotherapy"]),
        ("is CRYO ok", ["cryotherapy"]),
        ("does cryothrapy hurt", ["cryotherapy"]),
        ("microneedeling or a chemical peel?", ["microneedling", "peels"]),
        ("micro-needling", ["microneedling"]),
        ("manual extraction", ["extraction"]),
        ("does the cream work", ["skincare"]),
        ("is the peel better than the cream", ["peels"]),
        ("what are milia", []),
    ],
)
def test_a_treatment_is_found(names, message, treatments):
    assert [named.treatment for named in names.find(message)] == treatments


def test_every_name_in_the_content_finds_its_own_treatment(names, content):
    for key, treatment in content.treatments.treatments.items():
        for name in [*treatment.names, *treatment.loose_names]:
            assert [named.treatment for named in names.find(name)] == [key], name


def test_no_name_belongs_to_two_treatments(content):
    every = [n for t in content.treatments.treatments.values() for n in [*t.names, *t.loose_names]]
    assert len(every) == len(set(every))


def test_the_place_of_a_name_is_given(names):
    (named,) = names.find("and what about peels?")
    assert "and what about peels?"[named.start : named.end] == "peels"
