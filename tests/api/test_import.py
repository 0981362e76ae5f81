"""``import genearena`` is light, and its names are what they say."""

import inspect
import subprocess
import sys

import pytest

import genearena as ga

HEAVY = "numpy scipy pandas anndata scanpy torch matplotlib numba sklearn jax click rich pydantic"


def test_importing_it_imports_nothing_that_takes_time():
    """Neither it nor its names; what is used brings its own."""
    code = f"""
import sys
import genearena as ga
dir(ga), ga.__all__, ga.__version__
print(*{{*"{HEAVY}".split()}} & {{*sys.modules}})
ga.pp.graphs
print(*{{*"torch matplotlib jax".split()}} & {{*sys.modules}})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n\n"


def test_every_public_name_is_there():
    """`__all__` is what can be reached, and what `dir` tells."""
    assert dir(ga) == sorted(ga.__all__)
    assert {*ga.__all__} == {*ga._PLACES, "__version__"}
    assert all(getattr(ga, name) is not None for name in ga.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'embed'"):
        _ = ga.embed


def functions():
    """Yield every public function and method with what it is called."""
    for part in ("datasets", "pp", "tl", "pl"):
        module = getattr(ga, part)
        for name in module.__all__:
            yield f"{part}.{name}", getattr(module, name)
    yield "run", ga.run
    for kind in (ga.Results, ga.GeneGraph, ga.GraphCollection):
        for name, member in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("_"):
                yield f"{kind.__name__}.{name}", member


@pytest.mark.parametrize(("name", "function"), list(functions()), ids=[n for n, _ in functions()])
def test_functions_are_typed_and_documented(name, function):
    """Every parameter has a type, and of those that are described none is missing or too many."""
    signature = inspect.signature(function)
    text = inspect.getdoc(function)
    assert text, name
    assert signature.return_annotation is not signature.empty, name
    parameters = [p for p in signature.parameters.values() if p.name != "self"]
    assert all(p.annotation is not p.empty for p in parameters), name
    head = text.partition("Parameters\n---")[2].partition("\n\nReturns\n")[0]
    head = head.partition("\n\nRaises\n")[0]
    if head:
        lines = [line for line in head.splitlines()[1:] if line and not line.startswith(" ")]
        told = {word for line in lines for word in line.split(", ")}
        assert told == {p.name for p in parameters}, name


DATA_ADD = {
    "n_genes": "n_genes", "min_genes": "min_genes", "min_cells": "min_cells", "alpha": "alpha",
    "max_genes": "max_genes", "max_pct_mt": "max_pct_mt", "min_donor_cells": "min_donor_cells",
    "residuals": "residuals", "fdr": "fdr", "genes_by": "genes_by", "protocol": "protocol",
    "split_seed": "split_seed", "modality": "modality", "species": "species",
    "duplicates": "duplicates", "round_counts": "round_counts", "donor_key": "donor_key",
}  # fmt: skip
RUN = {
    "seeds": "seeds", "source": "sources", "preset": "preset", "dim": "dim", "threads": "threads",
    "jobs": "jobs", "device": "device", "deterministic": "deterministic", "rerun": "rerun",
    "out": "out", "timeout": "timeout", "memory": "memory",
}  # fmt: skip


def same_defaults(function, command, names):
    """Assert that parameters have the defaults of a command's options."""
    options = {option.name: option for option in command.params}
    for own, theirs in names.items():
        given = inspect.signature(function).parameters[own].default
        default = options[theirs].default
        default = default[0] if isinstance(default, tuple) else default
        if type(default).__name__ == "Sentinel":  # click's word for none
            default = None
        assert str(given or None) == str(default or None), own


def test_defaults_are_those_of_the_command_line():
    """What is left out means the same in both."""
    from genearena.benchmark.commands.data.add import command as add
    from genearena.benchmark.commands.run import command as run

    same_defaults(ga.pp.graphs, add, DATA_ADD)
    same_defaults(ga.run, run, RUN)
