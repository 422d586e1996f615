"""Evidence that a third party can repeat: where a ledger came from, byte for byte, and who held what."""

from cointrail.evidence.acquisition import acquisition_record
from cointrail.evidence.custody import (
    CustodyFinding,
    add_custody_entry,
    custody_gaps,
    read_custody,
    verify_custody,
    write_custody,
)

__all__ = [
    "CustodyFinding",
    "acquisition_record",
    "add_custody_entry",
    "custody_gaps",
    "read_custody",
    "verify_custody",
    "write_custody",
]
