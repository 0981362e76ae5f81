"""Write quantities as people read them."""


def gigabytes(size: float) -> str:
    """Write a size with three digits: ``812 MB``, ``4.31 GB``."""
    return f"{size / 1e9:.3g} GB" if size >= 1e9 else f"{size / 1e6:.3g} MB"
