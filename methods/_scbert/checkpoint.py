"""A checkpoint of scBERT's published program, read without unpickling anything."""

import pickle
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from genearena.data.common.errors import DataError
from genearena.data.common.one_line import first_line
from genearena.methods._nn.performer import Performer, Sizes

_PUBLISHED = {
    "tokens": "token_emb",
    "norm": "norm",
    "to_tokens": "to_out",
}
_PUBLISHED_LAYER = {
    "attention_norm": "0.norm",
    "queries": "0.fn.to_q",
    "keys": "0.fn.to_k",
    "values": "0.fn.to_v",
    "joined": "0.fn.to_out",
    "directions": "0.fn.fast_attention.projection_matrix",
    "feed_norm": "1.norm",
    "widened": "1.fn.fn.w1",
    "narrowed": "1.fn.fn.w2",
}
POSITIONS = "pos_emb.emb.weight"
"""The published name of the table of positions."""
_UNREAD = (POSITIONS, "performer.calls_since_last_redraw")
_LAYER = "performer.net.layers."


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """Read the arrays of a checkpoint by name, those under 'model_state_dict' if there is such.

    Raises
    ------
    DataError
        If it is no file of torch.save, or more than numbers are in it: nothing is unpickled.
    """
    try:
        found: object = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise DataError(
            "it holds other objects than arrays, or is no file of torch.save, want arrays by name; "
            "where you trust it, save its state_dict alone: nothing is unpickled here"
        ) from error
    except Exception as error:  # of a damaged file torch may raise anything
        raise DataError(f"it is no file of torch.save ({first_line(error)})") from error
    if isinstance(found, dict):
        found = found.get("model_state_dict", found)
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise DataError(f"it holds a {type(found).__name__}, want arrays by name (a state_dict)")
    others = [name for name, value in found.items() if not isinstance(value, Tensor)]
    if others:
        raise DataError(f"'{others[0]}' is no array; want arrays by name (a state_dict)")
    return found


def published_network(state: Mapping[str, Tensor]) -> Performer:
    """Make the network of a checkpoint by the names of the published program.

    Its sizes are those of the arrays. The table of positions is not read here.

    Raises
    ------
    DataError
        If an array is missing, unexpected, of another shape, or not finite.
    """
    network = Performer(_sizes(state), torch.Generator())
    own = network.state_dict()
    names = {name: published_name(name) for name in own}
    _check_names(set(names.values()), set(state).difference(_UNREAD))
    for name, array in own.items():
        given = state[names[name]]
        if given.shape != array.shape:
            raise DataError(
                f"'{names[name]}' has shape {tuple(given.shape)}, want {tuple(array.shape)}"
            )
        check_finite(names[name], given)
    network.load_state_dict({name: state[published].float() for name, published in names.items()})
    return network


def published_name(name: str) -> str:
    """Return what the published program calls an array of the network."""
    part, _, kind = name.rpartition(".")
    if not part.startswith("layers."):
        return f"{_PUBLISHED[part]}.{kind}"
    _, layer, own = name.split(".", 2)
    module, dot, kind = own.partition(".")
    return f"{_LAYER}{layer}.{_PUBLISHED_LAYER[module]}{dot}{kind}"


def check_finite(name: str, array: Tensor) -> None:
    """Raise DataError if an array has values that are not finite."""
    if not torch.isfinite(array).all():
        raise DataError(f"'{name}' has values that are not finite; take a sound file")


def _sizes(state: Mapping[str, Tensor]) -> Sizes:
    names = {
        "tokens": published_name("tokens.weight"),
        "queries": published_name("layers.0.queries.weight"),
        "directions": published_name("layers.0.directions"),
    }
    missing = [name for name in names.values() if name not in state]
    if missing:
        raise DataError(f"it has no '{missing[0]}'; want a checkpoint of scBERT's own program")
    tokens, queries, directions = (state[name] for name in names.values())
    if {array.ndim for array in (tokens, queries, directions)} != {2}:
        raise DataError("its arrays are not of two dimensions; want a checkpoint of scBERT")
    features, head_width = directions.shape
    if not head_width or queries.shape[0] % head_width:
        raise DataError(
            f"its queries have {queries.shape[0]} columns, want a multiple of the "
            f"{head_width} of its random features"
        )
    layers = {
        name.removeprefix(_LAYER).partition(".")[0] for name in state if name.startswith(_LAYER)
    }
    heads = queries.shape[0] // head_width
    return Sizes(tokens.shape[1], len(layers), heads, head_width, features)


def _check_names(want: set[str], got: set[str]) -> None:
    faults = [
        f"{kind} '{sorted(names)[0]}'" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
        for kind, names in (("lacks", want - got), ("has an unknown", got - want))
        if names
    ]
    if faults:
        raise DataError(f"it {' and '.join(faults)}; want a checkpoint of scBERT's own program")
