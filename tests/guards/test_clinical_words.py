"""Guard: nothing clinical is said outside content/, and no claim is made anywhere."""

import ast
import re

import pytest

from clinic.settings import PROJECT
from clinic.words import claims_in, count_words

# Words of treatments, causes and signs; in a sentence of code they would be clinical text.
CLINICAL = re.compile(
    r"\b(milia|keratin|cysts?|acne|cryotherapy|extract(ion|ed)|peels?|microneedl\w*|retinol"
    r"|salicylic|niacinamide|spf|scar(s|ring)?|pain(ful)?|swelling|swollen|blister\w*|infect\w+"
    r"|heal(s|ing)?|eyelids?|bleed\w*|moles?|fever|pus|exfoliat\w+|moisturis\w+)\b",
    re.IGNORECASE,
)
# Where patients' words are recognised, not answered.
READS_PATIENTS = ("clinic/nlu/", "clinic/references.py", "clinic/page.py", "clinic/words.py")
READS_PATIENTS += ("clinic/privacy/wishes.py", "clinic/readability.py", "clinic/booking/wording.py")
FILES = [
    file
    for folder in ("clinic", "actions")
    for file in sorted((PROJECT / folder).rglob("*.py"))
    if not str(file.relative_to(PROJECT)).startswith(READS_PATIENTS)
]
WIDGET = [
    file
    for file in sorted((PROJECT / "widget").rglob("*.ts"))
    if not {"node_modules", "tests", "test", "dist"} & set(file.parts)
]
STRING = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"|`((?:[^`\\]|\\.)*)`")


def texts_of_python(file):
    """Every text of a module that is no docstring."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    described = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in described:
            yield node.value.replace("milia.yml", "")


def texts_of_widget(file):
    code = re.sub(
        r"/\*.*?\*/|(?<!:)//[^\n]*", "", file.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    for found in STRING.finditer(code):
        yield next((group for group in found.groups() if group), "")


def said(texts):
    """Those that a patient could read as a sentence, and that say something clinical."""
    return [t for t in texts if count_words(t) >= 4 and (CLINICAL.search(t) or claims_in(t))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_code_says_nothing_clinical(file):
    assert said(texts_of_python(file)) == []


@pytest.mark.parametrize("file", WIDGET, ids=lambda file: str(file.relative_to(PROJECT)))
def test_window_says_nothing_clinical(file):
    assert said(texts_of_widget(file)) == []


def test_a_clinical_sentence_in_code_would_be_found(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('"""Milia are cysts."""\nprint("Peels can be painful for some")\n')
    assert said(texts_of_python(module)) == ["Peels can be painful for some"]
    script = tmp_path / "script.ts"
    script.write_text("// Peels can be painful\nsay('Your skin is safe with us here')\n")
    assert said(texts_of_widget(script)) == ["Your skin is safe with us here"]
