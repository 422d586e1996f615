"""Evidence that a third party can repeat: where it came from, who held it, what is claimed, seized and asked for."""

from cointrail.evidence.acquisition import acquisition_record
from cointrail.evidence.acquisition_form import ACQUISITION_SCHEMA, acquisition_case, acquisition_form, write_case
from cointrail.evidence.case_bundle import CASE_SCHEMA, case_bundle, check_case
from cointrail.evidence.claim_check import check_claims
from cointrail.evidence.claims import Claim, ClaimFinding, claims_table, read_claims, write_claims
from cointrail.evidence.custody import (
    CustodyFinding,
    add_custody_entry,
    read_custody,
    verify_custody,
    write_custody,
)
from cointrail.evidence.descriptors import (
    descriptor_address,
    multisig_descriptor,
    public_key,
    read_descriptor,
    wallet_descriptor,
)
from cointrail.evidence.gaps import custody_gaps
from cointrail.evidence.handles import group_handles, shared_signs
from cointrail.evidence.listings import classify_listings, triage_listings
from cointrail.evidence.manifest import ManifestFinding, folder_manifest, read_manifest, verify_manifest, write_manifest
from cointrail.evidence.market_pages import minimum_revenue, read_snapshots, seen_first
from cointrail.evidence.phrases import PhraseReading, check_phrase, read_phrase, repair_phrase
from cointrail.evidence.psbt import PsbtFinding, PsbtReading, psbt_faults, psbt_table, read_psbt
from cointrail.evidence.rehearsal import Verdict, fits_locks, rehearsal_coins, rehearsal_ledger, rehearse
from cointrail.evidence.rehearsed_move import rehearse_move
from cointrail.evidence.report_folder import write_report
from cointrail.evidence.requests import (
    REQUEST_SCHEMA,
    RequestFinding,
    check_request,
    preservation_request,
    request_text,
)
from cointrail.evidence.signatures import check_signature, read_public_keys, signed_text, verify_notices
from cointrail.evidence.signing import combine_psbts, finish_psbt, make_psbt, sign_psbt
from cointrail.evidence.times import to_utc
from cointrail.evidence.training import TRAINING_KEY, TRAINING_NOTICES
from cointrail.evidence.vendor_links import Vendor, count_signs, court_partition, lead_partition, link_features
from cointrail.evidence.wallets import GAP_LIMIT, discover_wallet, wallet_addresses, wallet_coins
from cointrail.evidence.writing import hours_overlap, text_similarity

__all__ = [
    "ACQUISITION_SCHEMA",
    "CASE_SCHEMA",
    "GAP_LIMIT",
    "REQUEST_SCHEMA",
    "TRAINING_KEY",
    "TRAINING_NOTICES",
    "Claim",
    "ClaimFinding",
    "CustodyFinding",
    "ManifestFinding",
    "PhraseReading",
    "PsbtFinding",
    "PsbtReading",
    "RequestFinding",
    "Vendor",
    "Verdict",
    "acquisition_case",
    "acquisition_form",
    "acquisition_record",
    "add_custody_entry",
    "case_bundle",
    "check_case",
    "check_claims",
    "check_phrase",
    "check_request",
    "check_signature",
    "claims_table",
    "classify_listings",
    "combine_psbts",
    "count_signs",
    "court_partition",
    "custody_gaps",
    "descriptor_address",
    "discover_wallet",
    "finish_psbt",
    "fits_locks",
    "folder_manifest",
    "group_handles",
    "hours_overlap",
    "lead_partition",
    "link_features",
    "make_psbt",
    "minimum_revenue",
    "multisig_descriptor",
    "preservation_request",
    "psbt_faults",
    "psbt_table",
    "public_key",
    "read_claims",
    "read_custody",
    "read_descriptor",
    "read_manifest",
    "read_phrase",
    "read_psbt",
    "read_public_keys",
    "read_snapshots",
    "rehearsal_coins",
    "rehearsal_ledger",
    "rehearse",
    "rehearse_move",
    "repair_phrase",
    "request_text",
    "seen_first",
    "shared_signs",
    "sign_psbt",
    "signed_text",
    "text_similarity",
    "to_utc",
    "triage_listings",
    "verify_custody",
    "verify_manifest",
    "verify_notices",
    "wallet_addresses",
    "wallet_coins",
    "wallet_descriptor",
    "write_case",
    "write_claims",
    "write_custody",
    "write_manifest",
    "write_report",
]
