"""Methods on a ledger: fees, outputs and balances over time, and the value of a list of sales.

Clustering, change, patterns, taint and paths load when they are first used: their compiled kernels take a moment.
"""

import importlib

from cointrail.tracing.balances import (
    Seen,
    balance_at,
    first_and_last_seen,
    statement,
    total_received,
    total_spent,
)
from cointrail.tracing.fees import fee
from cointrail.tracing.outputs import outpoint, output_history, unspent_outputs
from cointrail.tracing.prices import load_exchange_rates, load_hourly_prices, load_prices, price_on, worth
from cointrail.tracing.proceeds import proceeds, value_sales

_LATER = {
    "ChangeRule": "change_rules",
    "CrossingRule": "crossings",
    "GrowingClusters": "clustering",
    "PeelChain": "peeling",
    "Rate": "error_rates",
    "Taint": "taint",
    "account_address": "accounts",
    "account_history": "token_transfers",
    "account_kind": "accounts",
    "Training": "training",
    "address_reuse": "change_rules",
    "as_amount": "accounts",
    "batches": "one_payer",
    "bcubed": "cluster_error",
    "bootstrap_by_entity": "cluster_error",
    "bridge_records": "crossing_ends",
    "bridges": "links",
    "by_size": "change_rules",
    "calibration": "error_rates",
    "change_consensus": "change",
    "change_error": "change",
    "check_tagpack": "tagpack",
    "classify_transactions": "one_payer",
    "client_behaviour": "change_rules",
    "cluster_growth": "links",
    "cluster_of": "clustering",
    "coin_balance": "holdings",
    "coin_ends": "crossing_ends",
    "coinjoins": "coinjoin",
    "common_input_ownership": "clustering",
    "compare_taint": "taint",
    "consolidations": "flows",
    "count_paths": "paths",
    "crossing_candidates": "crossings",
    "deposit_addresses": "deposits",
    "deposit_reuse": "deposits",
    "explain_link": "links",
    "fan_in": "flows",
    "fan_out": "flows",
    "fifo": "taint",
    "find_addresses": "text",
    "find_outpoints": "text",
    "find_txids": "text",
    "follow_peel_chain": "peeling",
    "forwarders": "deposits",
    "freeze_events": "freezes",
    "found_share": "cluster_error",
    "fresh_address": "change_rules",
    "haircut": "taint",
    "holders": "holdings",
    "is_frozen": "freezes",
    "lifo": "taint",
    "load_opaque": "opaque",
    "load_training": "training",
    "lock_time": "change_rules",
    "look_alikes": "text",
    "match_bridge": "crossing_ends",
    "match_crossings": "crossings",
    "match_messages": "messages",
    "measure": "error_rates",
    "message_candidates": "messages",
    "most_valuable_paths": "paths",
    "optimal_change": "change_rules",
    "pairwise": "cluster_error",
    "passing_on": "passing",
    "payment_signs": "signs",
    "payments_to": "passing",
    "peel": "change_rules",
    "peel_chains": "peeling",
    "poison": "taint",
    "poisoning_transfers": "poisoning",
    "position": "change_rules",
    "possible_exits": "opaque",
    "predict_change": "change",
    "read_tagpack": "tagpack",
    "reconcile": "reconciling",
    "relinking": "after_mixing",
    "repair_candidates": "text",
    "round_value": "change_rules",
    "script_type": "change_rules",
    "show_address": "accounts",
    "seed_cluster": "seeds",
    "structuring": "flows",
    "sweeps": "flows",
    "token_balance": "holdings",
    "token_balances": "holdings",
    "token_contract": "accounts",
    "token_contracts": "poisoning",
    "token_ends": "crossing_ends",
    "trace": "trails",
    "trace_tokens": "token_trails",
    "transfer_consent": "consent",
    "warm_kernels": "warm",
    "wilson_interval": "error_rates",
    "write_tagpack": "tagpack",
}

__all__ = [
    "Seen",
    "balance_at",
    "fee",
    "first_and_last_seen",
    "load_exchange_rates",
    "load_hourly_prices",
    "load_prices",
    "outpoint",
    "output_history",
    "price_on",
    "proceeds",
    "statement",
    "total_received",
    "total_spent",
    "unspent_outputs",
    "value_sales",
    "worth",
    *_LATER,
]


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module 'cointrail.tracing' has no attribute {name!r}")
    return getattr(importlib.import_module(f"cointrail.tracing.{_LATER[name]}"), name)


def __dir__():
    return __all__
