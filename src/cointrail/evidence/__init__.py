"""Evidence that a third party can repeat: where a ledger came from, who held what, and what is claimed from it."""

from cointrail.evidence.acquisition import acquisition_record
from cointrail.evidence.acquisition_form import ACQUISITION_SCHEMA, acquisition_case, acquisition_form, write_case
from cointrail.evidence.case_bundle import CASE_SCHEMA, case_bundle, check_case
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
from cointrail.evidence.requests import REQUEST_SCHEMA, check_request, preservation_request, request_text

__all__ = [
    "ACQUISITION_SCHEMA",
    "CASE_SCHEMA",
    "REQUEST_SCHEMA",
    "Claim",
    "ClaimFinding",
    "CustodyFinding",
    "ManifestFinding",
    "acquisition_case",
    "acquisition_form",
    "acquisition_record",
    "add_custody_entry",
    "case_bundle",
    "check_case",
    "check_claims",
    "check_request",
    "claims_table",
    "custody_gaps",
    "folder_manifest",
    "preservation_request",
    "read_claims",
    "read_custody",
    "read_manifest",
    "request_text",
    "verify_custody",
    "verify_manifest",
    "write_case",
    "write_claims",
    "write_custody",
    "write_manifest",
]
