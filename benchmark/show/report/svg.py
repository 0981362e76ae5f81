"""Figures as SVG that can share a page, without what nothing refers to and nobody sees."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
NARROWEST = 440
ENLARGED = 1.35
_FAMILY = re.compile(r" font-family: [^;]+;")
_REFERENCE = re.compile(r"#([^\s\"')]+)")
# a hundredth of a point is finer than any screen
_SURPLUS = re.compile(r"(\.\d\d)\d+")
_STEP = re.compile(r"([MLz])(?: ([-\d.]+) ([-\d.]+))?")
_STRAIGHT = re.compile(r"[MLz\d\s.-]+")
# elements that hold no groups, and whose spaces may count
_NO_GROUPS = ("}text", "}clipPath")


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
    for metadata in root.findall(f"{{{SVG}}}metadata"):
        root.remove(metadata)
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
    _compact(root)
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


def _compact(root: Element) -> None:
    """Shorten an SVG in place; it looks the same.

    Coordinates keep two decimals, straight paths become steps from point to point, text that is
    turned by nothing loses its turn, groups and ids that nothing refers to go, and neighbours of
    one style or clip path share a group.
    """
    for element in root.iter():
        for name, value in element.items():
            element.set(name, _shorter(name, value))
        if element.get("transform", "").startswith("rotate(-0 "):
            del element.attrib["transform"]
    referred = {
        target
        for element in root.iter()
        for value in element.attrib.values()
        for target in _REFERENCE.findall(value)
    }
    for element in root.iter():
        if element.get("id", "") not in referred:
            element.attrib.pop("id", None)
    _ungroup(root)
    _share(root, "clip-path")
    _share(root, "style")


def _shorter(name: str, value: str) -> str:
    plain = _SURPLUS.sub(r"\1", value)
    if name == "style":
        return plain.replace(": ", ":").replace("; ", ";")
    if name != "d":
        return plain
    # matplotlib writes a line for every point of a path
    path = " ".join(plain.split())
    return _in_steps(path) if _STRAIGHT.fullmatch(path) else path


def _in_steps(path: str) -> str:
    """Write a path of straight lines with lengths instead of places."""
    start = last = (0, 0)
    parts = []
    for command, *place in _STEP.findall(path):
        if command == "z":
            parts.append("z")
            last = start
            continue
        # whole hundredths, so that no rounding adds up
        x, y = (round(100 * float(number)) for number in place)
        parts.append(command.lower() + _pair(x - last[0], y - last[1]))
        last = (x, y)
        start = last if command == "M" else start
    # after "m" and "l" further pairs are lines
    return re.sub(r"(?<=\d)l", " ", "".join(parts)).replace(" -", "-")


def _pair(x: int, y: int) -> str:
    return f"{x / 100:g} {y / 100:g}"


def _ungroup(element: Element) -> None:
    """Replace groups without attributes by what they hold, and drop the spaces between elements."""
    if element.tag.endswith(_NO_GROUPS):
        return
    for child in element:
        _ungroup(child)
    element.text = None
    children = list(_flattened(element))
    for child in children:
        child.tail = None
    element[:] = children


def _flattened(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag.endswith("}g") and not child.attrib:
            yield from child
        else:
            yield child


def _share(element: Element, name: str) -> None:
    """Give neighbours with the same value of an attribute a group that has it for them all."""
    if element.tag.endswith(_NO_GROUPS):
        return
    children = []
    for value, run in groupby(element, key=lambda child: child.get(name)):
        same = list(run)
        if value is None or len(same) == 1:
            children += same
            continue
        group = Element(element.tag.partition("}")[0] + "}g", {name: value})
        for child in same:
            del child.attrib[name]
        group[:] = same
        children.append(group)
    element[:] = children
    for child in children:
        _share(child, name)
