"""docs/chat-api.yml and the routes agree; other programs may rely on it."""

import jsonschema
import pytest
import yaml

from clinic.channels.website.refusals import STATUS
from clinic.channels.website.routes import ROUTES
from clinic.settings import PROJECT
from tests.website.asking import refusal

DESCRIPTION = yaml.safe_load((PROJECT / "docs" / "chat-api.yml").read_text())
SCHEMAS = DESCRIPTION["components"]["schemas"]


def described():
    return {
        (path.strip("/"), method.upper())
        for path, methods in DESCRIPTION["paths"].items()
        for method in methods
    }


def test_every_route_is_described_and_nothing_else():
    assert described() == {(path, method) for path in ROUTES for method in ROUTES[path]}


def test_every_refusal_is_described():
    assert set(SCHEMAS["Error"]["properties"]["error"]["enum"]) == set(STATUS)


def check(name, found):
    """Refuse what is not as the description says."""
    schema = {**SCHEMAS[name], "components": {"schemas": SCHEMAS}}
    jsonschema.Draft4Validator(nullable(schema)).validate(found)


def nullable(schema):
    """OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own for null."""
    if isinstance(schema, list):
        return [nullable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: nullable(value) for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable") is True:
        made["type"] = [schema["type"], "null"]
    return made


def test_answers_are_as_described(window):
    check("Config", window.ask("GET", "config").json())
    check("Session", window.open())
    for each in window.send("does freezing hurt"):
        if "line" in each:
            check("Line", each["line"])
    check("History", window.ask("GET", "messages").json())


@pytest.mark.parametrize("path", ["nothing", "messages?after=x"])
def test_refusals_are_as_described(window, path):
    answer = window.ask("GET", path)
    assert refusal(answer)
    check("Error", answer.json())
