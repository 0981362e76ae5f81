"""The page's style and script, each a folder of small files joined into one."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

STYLES = ("page.css", "table.css", "panel.css", "print.css")
SCRIPTS = ("elements.js", "pages.js", "tables.js", "panel.js", "download.js", "start.js")


@cache
def style() -> str:
    """Return the style sheet."""
    return "".join(map(_read, STYLES))


@cache
def script() -> str:
    """Return the script: one scope, so that nothing leaks into the page."""
    return "(() => {\n'use strict';\n" + "".join(map(_read, SCRIPTS)) + "})();\n"


def content_policy() -> str:
    """Return the policy that lets the browser run this script alone, and load nothing."""
    digest = base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _read(name: str) -> str:
    folder = files("genearena.benchmark.show.report") / "static"
    return (folder / name).read_text(encoding="utf-8")
