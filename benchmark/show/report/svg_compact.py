"""SVG without what nothing refers to and nobody sees: most of what matplotlib writes."""

import re
from collections.abc import Iterator
from itertools import groupby
from xml.etree.ElementTree import Element

_REFERENCE = re.compile(r"#([^\s\"')]+)")
# a hundredth of a point is finer than any screen
_SURPLUS = re.compile(r"(\.\d\d)\d+")
_STEP = re.compile(r"([MLz])(?: ([-\d.]+) ([-\d.]+))?")
_STRAIGHT = re.compile(r"[MLz\d\s.-]+")
# elements that hold no groups, and whose spaces may count
_NO_GROUPS = ("}text", "}clipPath")


def compact(root: Element) -> None:
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
