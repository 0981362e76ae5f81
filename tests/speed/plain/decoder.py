"""The decoder of MuSe-GNN and WSMAE with z zᵀ written out."""

from torch import Tensor, nn
from torch.nn import functional


class PlainDecoder(nn.Module):
    """Three n × n linear layers over the rows of z zᵀ, Mish between them."""

    def __init__(self, n_genes: int) -> None:
        super().__init__()
        self.first = nn.Linear(n_genes, n_genes)
        self.second = nn.Linear(n_genes, n_genes)
        self.third = nn.Linear(n_genes, n_genes)

    def forward(self, z: Tensor) -> Tensor:
        """Return (n, n) logits for (n, dim) vectors."""
        hidden = functional.mish(self.first(z @ z.T))
        hidden = functional.mish(self.second(hidden))
        logits: Tensor = self.third(hidden)
        return logits
