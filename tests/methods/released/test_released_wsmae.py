"""WSMAE as published, which does not run."""

import pytest

from genearena.data.common.errors import MethodError
from genearena.data.graphs import GraphCollection
from genearena.methods._released.wsmae import ReleasedWSMAE


def test_every_task_is_skipped_with_the_script_s_fault(graphs: GraphCollection) -> None:
    """The reason is that of the script, whatever the task."""
    reason = ReleasedWSMAE().skip(graphs)
    assert reason == ReleasedWSMAE.cannot_run
    assert "reads a field that is never set" in reason


def test_fitting_it_all_the_same_says_why_not(graphs: GraphCollection) -> None:
    """There is no attribute error in the middle of a training."""
    with pytest.raises(MethodError, match="wsmae:released: the published script stops"):
        ReleasedWSMAE(epochs=1).fit(graphs)
