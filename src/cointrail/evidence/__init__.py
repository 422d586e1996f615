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
from cointrail.evidence.manifest import (
    ManifestFinding,
    folder_manifest,
    read_manifest,
    verify_manifest,
    write_manifest,
)

__all__ = [
    "Claim",
    "ClaimFinding",
    "CustodyFinding",
    "ManifestFinding",
    "acquisition_record",
    "add_custody_entry",
    "check_claims",
    "claims_table",
    "custody_gaps",
    "folder_manifest",
    "read_claims",
    "read_custody",
    "read_manifest",
    "verify_custody",
    "verify_manifest",
    "write_claims",
    "write_custody",
    "write_manifest",
]
