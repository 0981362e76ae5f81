"""Damage to JSON that parses: other types, missing and surplus keys, hostile texts."""

import json
import random
from typing import Any

TEXTS = (
    "", " ", "../../nonexistent/x", "/nonexistent/x", "a" * 5000, "\x1b[2J", "a\nb",
    "\u202egnp", "=1+1",
    "<script>alert(1)</script>", "</script>", "{{7*7}}", "\\input{x}", "|", "$\\frac$", "NaN",
    "\x00", "é" * 40, "..", ".", "CON", "%s%n", "ok", "failed", "2020-01-01T00:00:00+00:00",
)  # fmt: skip
NUMBERS = (0, -1, 1, 10**6, 10**20, -(10**20), 10**400, 1e308, -1e308, 1e-320, 0.5)
WEIRD = ("NaN", "Infinity", "-Infinity", "1e999", '"\\ud800"', "[" * 3000, '{"a":' * 500, "01")


def damage_json(data: bytes, rng: random.Random) -> bytes:
    """Return a JSON document with one to three of its values changed."""
    document = json.loads(data)
    for _ in range(rng.choice((1, 1, 2, 3))):
        _change(document, rng)
    text = json.dumps(document, ensure_ascii=rng.random() < 0.5)
    if rng.random() < 0.25:
        text = _rough(text, rng)
    return text.encode("utf-8", "surrogatepass")


def _change(document: Any, rng: random.Random) -> None:
    holder, key = _somewhere(document, rng)
    if holder is None:
        return
    kind = rng.random()
    if kind < 0.15:
        del holder[key]
    elif kind < 0.25 and isinstance(holder, dict):
        holder[rng.choice((*TEXTS, "extra"))] = holder[key]
    elif kind < 0.35 and isinstance(holder, dict):
        holder[rng.choice(TEXTS)] = holder.pop(key)
    else:
        holder[key] = _value(holder[key], rng)


def _somewhere(document: Any, rng: random.Random) -> tuple[Any, Any]:
    holder, key, value = None, None, document
    while isinstance(value, dict | list) and value and (holder is None or rng.random() < 0.7):
        key = rng.choice(list(value)) if isinstance(value, dict) else rng.randrange(len(value))
        holder, value = value, value[key]
    return holder, key


def _value(old: Any, rng: random.Random) -> Any:
    same_type = {str: TEXTS, float: NUMBERS, int: NUMBERS, bool: (True, False)}.get(type(old))
    if same_type and rng.random() < 0.6:
        return rng.choice(same_type)
    return rng.choice((None, True, [], {}, [old] * 3, {"a": old}, *NUMBERS, *TEXTS))


def _rough(text: str, rng: random.Random) -> str:
    """Put in what `json.dumps` never writes."""
    places = [i for i, c in enumerate(text) if c == ":"]
    place = rng.choice(places) + 1
    kind = rng.random()
    if kind < 0.6:
        end = next(i for i in range(place, len(text)) if text[i] in ",}]")
        return text[:place] + rng.choice(WEIRD) + text[end:]
    if kind < 0.8:  # a key twice
        return text.replace("{", '{"seed": 1, "seed": 2, "name": "x", ', 1)
    return "\ufeff" + text if kind < 0.9 else text + text
