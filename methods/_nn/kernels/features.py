"""The features of a gene's head in the processor's registers, for compiled kernels.

LLVM unrolls a loop over the features of a head into scalar operations before it looks for vectors,
which costs a factor of six, and where kernels add to arrays it must store after every addition,
which costs three. A variable made by `load`, `added` or `zeros` is so many whole vectors, as many
as a tuple is long: the length is part of its type. On processors without 16 lanes LLVM splits them.
"""

from typing import Any

from llvmlite import ir
from numba import extending, types

LANES = 16
_intrinsic: Any = extending.intrinsic
_FLOAT, _INT = ir.FloatType(), ir.IntType(32)
_VECTOR = ir.VectorType(_FLOAT, LANES)


class Features(types.Type):
    """So many vectors of `LANES` numbers each."""

    def __init__(self, vectors: int) -> None:
        self.vectors = vectors
        super().__init__(name=f"Features({vectors})")


@extending.register_model(Features)
class _Model(extending.models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Features) -> None:
        super().__init__(manager, kind, ir.ArrayType(_VECTOR, kind.vectors))  # type: ignore[no-untyped-call]


@_intrinsic  # type: ignore[untyped-decorator]
def zeros(_typing: Any, vectors: Any) -> Any:
    """Return features that are 0, as many vectors of them as the tuple `vectors` is long."""
    kind = Features(len(vectors))

    def emit(_context: Any, _builder: Any, _signature: Any, _args: Any) -> Any:
        return ir.Constant(ir.ArrayType(_VECTOR, kind.vectors), None)

    return kind(vectors), emit


@_intrinsic  # type: ignore[untyped-decorator]
def load(_typing: Any, array: Any, start: Any, vectors: Any) -> Any:
    """Return the features at `start` of a flat float32 array, aligned or not."""
    kind = Features(len(vectors))

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = _places(context, builder, signature, args, kind)
        return _joined(builder, [builder.load(place, align=4) for place in places])

    return kind(array, start, vectors), emit


@_intrinsic  # type: ignore[untyped-decorator]
def store(_typing: Any, array: Any, start: Any, features: Any) -> Any:
    """Write features to `start` of a flat float32 array."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = _places(context, builder, signature, args, features)
        for place, vector in zip(places, _split(builder, args[2]), strict=True):
            builder.store(vector, place, align=4)
        return context.get_dummy_value()

    return types.none(array, start, features), emit


@_intrinsic  # type: ignore[untyped-decorator]
def added(_typing: Any, a: Any, _factor: Any, b: Any) -> Any:
    """Return a + factor · b of features a and b and a float32 number."""

    def emit(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        empty = ir.Constant(_VECTOR, ir.Undefined)
        first = builder.insert_element(empty, args[1], _INT(0))
        scale = builder.shuffle_vector(first, empty, ir.Constant(_in_order(), [0] * LANES))
        pairs = zip(_split(builder, args[0]), _split(builder, args[2]), strict=True)
        return _joined(builder, [_times_plus(builder, scale, y, x) for x, y in pairs])

    return a(a, types.float32, b), emit


@_intrinsic  # type: ignore[untyped-decorator]
def dot(_typing: Any, a: Any, b: Any) -> Any:
    """Return the sum of the products of features a and b, a float32 number."""

    def emit(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        pairs = zip(*(_split(builder, features) for features in args), strict=True)
        (x, y), *others = pairs
        total = builder.fmul(x, y)
        for x, y in others:
            total = _times_plus(builder, x, y, total)
        # halves are added until one number is left: where LLVM may choose the order, it is another
        # one in the process that compiles a kernel than in those that find it compiled
        for lanes in (LANES // 2**k for k in range(1, LANES.bit_length())):
            low, high = (_lanes(builder, total, range(at, at + lanes)) for at in (0, lanes))
            total = builder.fadd(low, high)
        return builder.extract_element(total, _INT(0))

    return types.float32(a, b), emit


@_intrinsic  # type: ignore[untyped-decorator]
def two_to_the(_typing: Any, _k: Any) -> Any:
    """Return the float32 number 2**k of a whole number k from -126 to 127."""

    def emit(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        exponent = builder.add(builder.fptosi(args[0], _INT), _INT(127))
        return builder.bitcast(builder.shl(exponent, _INT(23)), _FLOAT)

    return types.float32(types.float32), emit


def _places(context: Any, builder: Any, signature: Any, args: Any, kind: Features) -> list[Any]:
    data = context.make_array(signature.args[0])(context, builder, args[0]).data
    first = builder.bitcast(builder.gep(data, [args[1]]), _VECTOR.as_pointer())
    return [builder.gep(first, [_INT(i)]) for i in range(kind.vectors)]


def _split(builder: Any, features: Any) -> list[Any]:
    return [builder.extract_value(features, i) for i in range(features.type.count)]


def _joined(builder: Any, vectors: list[Any]) -> Any:
    features = ir.Constant(ir.ArrayType(_VECTOR, len(vectors)), ir.Undefined)
    for i, vector in enumerate(vectors):
        features = builder.insert_value(features, vector, i)
    return features


def _times_plus(builder: Any, x: Any, y: Any, z: Any) -> Any:
    """Return x · y + z, rounded once where the processor can."""
    kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
    name = f"llvm.fmuladd.v{LANES}f32"
    function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
    return builder.call(function, [x, y, z])


def _lanes(builder: Any, vector: Any, chosen: range) -> Any:
    mask = ir.Constant(ir.VectorType(_INT, len(chosen)), list(chosen))
    return builder.shuffle_vector(vector, vector, mask)


def _in_order() -> Any:
    return ir.VectorType(_INT, LANES)
