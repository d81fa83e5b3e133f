"""Every act that is recorded has a Chinese name for the auditor."""

import ast
from collections.abc import Iterator
from pathlib import Path

import portal
from portal.audit import labels

ROOT = Path(portal.__file__).parent
# Functions that hand the name of an act on to the chain.
RECORDERS = {"record", "_record", "save"}


def acts_of(path: Path) -> Iterator[str]:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        name = call.func.id if isinstance(call.func, ast.Name) else name
        if name in RECORDERS:
            for argument in call.args:
                yield from (
                    node.value
                    for node in ast.walk(argument)
                    if isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and "." in node.value
                )


def test_every_act_has_a_name() -> None:
    acts = {act for path in ROOT.rglob("*.py") for act in acts_of(path)}
    assert len(acts) > 30
    assert acts - labels.ACTIONS.keys() == set(), "add a line to portal/audit/labels/acts.py"


def test_what_has_no_name_is_shown_as_it_is() -> None:
    assert labels.action_label("role.granted") == "授予角色"
    assert labels.action_label("x.y") == "x.y"
    assert labels.object_label("Person") == "人员"
    assert labels.object_label("Thing") == "Thing"
    assert labels.detail_label("reason") == "原因"
    assert labels.value_label("present") == "到场"
