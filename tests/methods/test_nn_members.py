"""Parts of tensors that belong to some seeds."""

import pytest
import torch

from genearena.methods._nn.members import entries_of


@pytest.mark.parametrize("members", [[0, 1, 2], [2, 0, 1], [1], [2, 0]])
def test_entries_are_those_of_the_members_in_their_order(members):
    """All seeds in another order are not all seeds in order."""
    tensor = torch.arange(6.0).view(3, 2)
    assert torch.equal(entries_of(tensor, members), tensor[members])


def test_one_entry_serves_all_seeds():
    """What seeds share is not repeated."""
    shared = torch.ones(1, 2)
    assert entries_of(shared, [0, 2]) is shared
