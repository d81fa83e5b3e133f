"""What the house forbids, looked for in its sources."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PYTHON = sorted((ROOT / "portal").rglob("*.py"))
BANNED_NAMES = {"utils", "helpers", "common", "misc", "manager", "handler"}


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_templates_have_nothing_inline(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", source), "inline script"
    assert not re.search(r"<style\b", source), "inline style element"
    assert not re.search(r"\sstyle=", source), "inline style"
    assert not re.search(r"\son[a-z]+=", source), "inline handler"
    assert not re.search(r"hx-on|hx-vals='js:|javascript:", source), "needs eval"


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_no_text_becomes_markup_unescaped(path: Path) -> None:
    assert "|safe" not in path.read_text(encoding="utf-8").replace(" ", "")


def test_no_module_bears_a_banned_name() -> None:
    assert [path for path in PYTHON if path.stem in BANNED_NAMES] == []


def test_style_and_scripts_stay_below_the_browser_floor() -> None:
    """Chromium 78: no optional chaining, no flex-only newer properties (DOMAIN 3.5)."""
    for path in (ROOT / "static").glob("*.css"):
        source = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found = re.search(
            r"(?<![-\w])aspect-ratio|\binset\s*:|:is\(|:where\(|:has\(|:focus-visible|accent-color|@container",
            source,
        )
        assert found is None, f"{path.name}: {found[0]}"
        for body in re.findall(r"\{([^{}]*)\}", source):
            flexible = re.search(r"display\s*:\s*(inline-)?flex", body)
            assert not (flexible and re.search(r"\bgap\s*:", body)), f"{path.name}: gap in flex"
    for path in (ROOT / "static").glob("*.js"):
        source = re.sub(
            r"//[^\n]*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        found = re.search(
            r"\?\.[a-zA-Z(\[]|\?\?|\.replaceAll\(|\.at\(|structuredClone|\beval\(", source
        )
        assert found is None, f"{path.name}: {found[0]}"
