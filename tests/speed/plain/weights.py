"""Our weights, or their gradients, under the names and shapes of the plain models.

Everything here is slicing and transposing, which commutes with differentiation: what maps
weights onto weights also maps gradients onto gradients.
"""

from collections.abc import Callable, Iterator, Mapping

from torch import Tensor

Translation = Callable[[str, Tensor], Iterator[tuple[str, Tensor]]]
_MAPS = ("lin_query", "lin_key", "lin_value", "lin_skip")


def plain_tensors(method: str, ours: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of one of our models as the plain model of that method names them.

    Parameters
    ----------
    method
        Name in the registry.
    ours
        Tensors by the name of the parameter they belong to.
    """
    translate = _TRANSLATIONS.get(method, _same)
    return {new: tensor for name, value in ours.items() for new, tensor in translate(name, value)}


def _same(name: str, value: Tensor) -> Iterator[tuple[str, Tensor]]:
    yield name, value


def _attention(name: str, value: Tensor) -> Iterator[tuple[str, Tensor]]:
    layer, fused, kind = name.partition(".maps.")
    if not fused:
        yield name, value
        return
    for part, block in zip(_MAPS, value.chunk(4), strict=True):
        if layer.endswith("second_and_fourth"):
            # the last of three heads of equal width is L4
            second, fourth = block[: 2 * len(block) // 3], block[2 * len(block) // 3 :]
            stem = layer.removesuffix("second_and_fourth")
            yield f"{stem}second.{part}.{kind}", second
            yield f"{stem}fourth.{part}.{kind}", fourth
        else:
            yield f"{layer}.{part}.{kind}", block


def _convolution(heads: int) -> Translation:
    def translate(name: str, value: Tensor) -> Iterator[tuple[str, Tensor]]:
        layer, _, kind = name.rpartition(".")
        blocks = value.chunk(heads, dim=-1) if layer.endswith("third") else (value,)
        for head, block in enumerate(blocks):
            stem = f"{layer}.{head}" if layer.endswith("third") else layer
            if kind == "weight":
                yield f"{stem}.lin.weight", block.mT
            else:
                yield f"{stem}.{kind}", block

    return translate


_TRANSLATIONS: Mapping[str, Translation] = {
    "musegnn": _attention,
    "gae": _convolution(heads=1),
    "vgae": _convolution(heads=2),
}
