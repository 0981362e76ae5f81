"""Seals: SHA-256 of what was written, by which a later change shows.

They tell of accidents and of edits by hand. Whoever edits a record and seals it again is not found
out: nothing here is signed.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from genearena.benchmark.records.record import RunRecord

BROKEN = "its content was changed after it was written"


def sha256(content: bytes) -> str:
    """Return the seal of a file."""
    return hashlib.sha256(content).hexdigest()


def seal_of(record: RunRecord) -> str:
    """Return the seal of a record's content."""
    # by way of text, as a number that JSON does not know is read back as none
    return seal_of_values(json.loads(record.model_dump_json()))


def seal_of_values(values: Mapping[str, Any]) -> str:
    """Return the SHA-256 of all fields but the seal, as JSON with sorted keys and no blanks."""
    kept = {name: value for name, value in values.items() if name != "seal"}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode())


def sealed(record: RunRecord) -> RunRecord:
    """Return a record with the seal of its content."""
    return record.model_copy(update={"seal": seal_of(record)})
