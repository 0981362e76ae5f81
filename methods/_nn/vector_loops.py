"""Loops over features as whole vector instructions, for compiled kernels.

LLVM unrolls a loop over the features of a head into scalar operations before it looks for
vectors, which costs a factor of six; these intrinsics state the vectors themselves. On
processors without 16 lanes LLVM splits them.
"""

from typing import Any

from llvmlite import ir
from numba import extending, types
from numba.core import cgutils

LANES = 16
_intrinsic: Any = extending.intrinsic
_code: Any = cgutils
_FLOAT = ir.FloatType()
_VECTOR = ir.VectorType(_FLOAT, LANES)


@_intrinsic  # type: ignore[untyped-decorator]
def dot_product(_typing: Any, a: Any, i: Any, b: Any, j: Any, width: Any) -> Any:
    """Return the sum over c < width of a[i + c] · b[j + c].

    Parameters
    ----------
    a, b
        Flat float32 arrays.
    i, j
        Where the features begin.
    width
        Number of features, a multiple of `LANES`.
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind_a, _, kind_b, _, _ = signature.args
        array_a, start_a, array_b, start_b, count = args
        total = _code.alloca_once_value(builder, ir.Constant(_VECTOR, [0.0] * LANES))
        with _blocks(builder, count) as at:
            x = builder.load(_address(context, builder, kind_a, array_a, start_a, at), align=4)
            y = builder.load(_address(context, builder, kind_b, array_b, start_b, at), align=4)
            product = builder.fmul(x, y, flags=("fast",))
            builder.store(builder.fadd(builder.load(total), product, flags=("fast",)), total)
        return _sum(builder, builder.load(total))

    return types.float32(a, i, b, j, width), emit


@_intrinsic  # type: ignore[untyped-decorator]
def add_scaled(_typing: Any, out: Any, o: Any, _factor: Any, a: Any, i: Any, width: Any) -> Any:
    """Do out[o + c] += _factor · a[i + c] for c < width.

    Parameters
    ----------
    out, a
        Flat float32 arrays.
    o, i
        Where the features begin.
    _factor
        A float32 number.
    width
        Number of features, a multiple of `LANES`.
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind_out, _, _, kind_a, _, _ = signature.args
        array_out, start_out, number, array_a, start_a, count = args
        scale = _broadcast(builder, number)
        with _blocks(builder, count) as at:
            x = builder.load(_address(context, builder, kind_a, array_a, start_a, at), align=4)
            target = _address(context, builder, kind_out, array_out, start_out, at)
            product = builder.fmul(scale, x, flags=("fast",))
            after = builder.fadd(builder.load(target, align=4), product, flags=("fast",))
            builder.store(after, target, align=4)
        return context.get_dummy_value()

    return types.none(out, o, types.float32, a, i, width), emit


def _blocks(builder: Any, count: Any) -> Any:
    step = ir.Constant(count.type, LANES)
    zero = ir.Constant(count.type, 0)
    return _code.for_range_slice(builder, zero, count, step, inc=True)


def _address(context: Any, builder: Any, kind: Any, array: Any, start: Any, at: Any) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    # `at` is the pair (position, running number) of the loop over blocks
    pointer = builder.gep(data, [builder.add(start, at[0])])
    return builder.bitcast(pointer, _VECTOR.as_pointer())


def _broadcast(builder: Any, number: Any) -> Any:
    empty = ir.Constant(_VECTOR, ir.Undefined)
    first = builder.insert_element(empty, number, ir.Constant(ir.IntType(32), 0))
    order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, empty, order)


def _sum(builder: Any, vector: Any) -> Any:
    name = f"llvm.vector.reduce.fadd.v{LANES}f32"
    kind = ir.FunctionType(_FLOAT, [_FLOAT, _VECTOR])
    reduce = _code.get_or_insert_function(builder.module, kind, name)
    return builder.call(reduce, [ir.Constant(_FLOAT, 0.0), vector], fastmath=("fast",))
