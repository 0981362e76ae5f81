"""Errors whose message is one line: what is wrong, where, and what to do."""


class GeneArenaError(Exception):
    """Base of every error the suite raises on purpose."""


class UsageError(GeneArenaError, ValueError):
    """A request that names something unknown or contradicts itself (exit code 2)."""


class DeclarationError(UsageError):
    """A plugin that cannot be imported, or says of itself what cannot be (exit code 2)."""


class DataError(GeneArenaError, ValueError):
    """Data that cannot be used as they are (exit code 1)."""


class StoreError(GeneArenaError, OSError):
    """A file or folder that cannot be read or written (exit code 1)."""


class MethodError(GeneArenaError, RuntimeError):
    """A method that broke its contract (exit code 1)."""


class MetricError(GeneArenaError, RuntimeError):
    """A metric that broke its contract or could not be computed (exit code 1)."""
