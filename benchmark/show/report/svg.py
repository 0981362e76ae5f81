"""Figures as SVG that can share a page."""

import re
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from genearena.benchmark.show.report.svg_compact import compact

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
NARROWEST = 440
ENLARGED = 1.35
_FAMILY = re.compile(r" font-family: [^;]+;")
_DROPPED = (f"{{{SVG}}}metadata",)


def inline_svg(figure: "Figure", prefix: str, title: str, *, crop: bool = False) -> str:
    """Return a figure as an ``<svg>`` element.

    The prefix is put before every id, so that figures of one page do not refer to each other's
    parts; the title is what readers who cannot see it are told. Cropping draws it twice.
    """
    import matplotlib as mpl

    buffer = BytesIO()
    bounds = "tight" if crop else None
    # text stays text: smaller, and it can be searched, copied and read aloud
    with mpl.rc_context({"svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None}, bbox_inches=bounds)
    return isolate(buffer.getvalue(), prefix, title)


def isolate(document: bytes, prefix: str, title: str) -> str:
    """Return an SVG document as an element whose ids begin with a prefix; see `inline_svg`."""
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    root = ET.fromstring(document)  # noqa: S314 - our own figure, just drawn
    for child in [child for child in root if child.tag in _DROPPED]:
        root.remove(child)
    # a rule for every element of the page, which would beat what a group says
    for defs in root.findall(f"{{{SVG}}}defs[{{{SVG}}}style]"):
        root.remove(defs)
    root.set("stroke-linejoin", "round")
    for element in root.iter():
        for name, value in element.items():
            element.set(name, _prefixed(name, value, prefix))
    width = float(root.attrib.pop("width").removesuffix("pt"))
    del root.attrib["height"]
    # printed figures are a column wide; a screen has room to read them without a lens
    pixels = round(width * 4 / 3 * ENLARGED)
    # small screens scroll a figure before its text gets too small to read
    root.set("style", f"width: {pixels}px; min-width: {min(pixels, NARROWEST)}px")
    compact(root)
    root.set("role", "img")
    root.set("aria-label", title)
    return ET.tostring(root, encoding="unicode")


def _prefixed(name: str, value: str, prefix: str) -> str:
    if name == "id":
        return prefix + value
    if name in ("href", f"{{{XLINK}}}href") and value.startswith("#"):
        return f"#{prefix}{value[1:]}"
    # the page's style names the family of all text
    plain = _FAMILY.sub("", value) if name == "style" else value
    return plain.replace("url(#", f"url(#{prefix}")
