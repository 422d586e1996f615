"""Evidence that a third party can repeat: where a ledger came from, byte for byte."""

from cointrail.evidence.acquisition import acquisition_record

__all__ = ["acquisition_record"]
