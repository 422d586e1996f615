"""Evidence that a third party can repeat: where a ledger came from, who held what, and what is claimed from it."""

from cointrail.evidence.acquisition import acquisition_record
from cointrail.evidence.claims import Claim, ClaimFinding, check_claims, claims_table, read_claims, write_claims
from cointrail.evidence.custody import (
    CustodyFinding,
    add_custody_entry,
    custody_gaps,
    read_custody,
    verify_custody,
    write_custody,
)

__all__ = [
    "Claim",
    "ClaimFinding",
    "CustodyFinding",
    "acquisition_record",
    "add_custody_entry",
    "check_claims",
    "claims_table",
    "custody_gaps",
    "read_claims",
    "read_custody",
    "verify_custody",
    "write_claims",
    "write_custody",
]
