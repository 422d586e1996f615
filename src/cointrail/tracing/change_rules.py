"""The published rules for change, as small objects that combine and that can abstain.

A rule marks the outputs of a transaction that it would call change. It **speaks** only if it marks some of the outputs
and not all: a rule that points nowhere, or everywhere, abstains. Rules combine like sets:

``a & b``  what both mark; if one of them abstains, what the other marks
``a | b``  what either marks
``a - b``  what a marks and b does not; abstains where a abstains

No rule looks at coinbases or at transactions with fewer than two outputs; notes (OP_RETURN) are never change. All names
and rules in the table of `PUBLISHED` follow BlockSci (Kalodner et al. 2020) unless the rule says otherwise. BlockSci's
own warning holds: do not cluster by one of them without further care.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from cointrail.errors import CointrailError

__all__ = [
    "PUBLISHED",
    "ChangeRule",
    "address_reuse",
    "by_size",
    "client_behaviour",
    "fresh_address",
    "lock_time",
    "optimal_change",
    "peel",
    "position",
    "round_value",
    "script_type",
]

_REPLACEABLE = 0xFFFFFFFE  # BIP125: a smaller sequence number signals that the transaction may be replaced


@dataclass(frozen=True)
class ChangeRule:
    """A rule with its reason, and how it can fail.

    Attributes
    ----------
    name, why, fails : str
        Short name; why the marked output should be change; when that is wrong.
    uses_later_spends : bool
        Does it look at what happened afterwards? Such a rule says nothing about fresh transactions.

    Examples
    --------
    >>> (fresh_address & optimal_change | address_reuse).name
    '((fresh_address & optimal_change) | address_reuse)'
    """

    name: str
    why: str
    fails: str
    votes: Callable = field(repr=False)
    uses_later_spends: bool = False

    def __and__(self, other):
        return self._with(other, "&", lambda a, sa, b, sb: (np.where(sa & sb, a & b, a | b), sa | sb))

    def __or__(self, other):
        return self._with(other, "|", lambda a, sa, b, sb: (a | b, sa | sb))

    def __sub__(self, other):
        return self._with(other, "-", lambda a, sa, b, sb: (a & ~b, sa))

    def _with(self, other, sign, combine):
        if not isinstance(other, ChangeRule):
            raise CointrailError(f"A change rule combines with another rule, not with {other!r}.")

        def votes(facts):
            (a, a_speaks), (b, b_speaks) = self.votes(facts), other.votes(facts)
            t = facts.view.output_tx
            marked, speaks = combine(a, a_speaks[t], b, b_speaks[t])
            return marked, np.bincount(t[speaks], minlength=len(facts.view.height)) > 0

        later = self.uses_later_spends or other.uses_later_spends
        return ChangeRule(f"({self.name} {sign} {other.name})", "a combination", "see its parts", votes, later)


def _rule(name, why, fails, *, later=False):
    """Make a function from facts to marked outputs into a rule that abstains where it marks none or all."""

    def make(mark):
        def votes(facts):
            marked, t = mark(facts) & facts.eligible, facts.view.output_tx
            count = np.bincount(t[marked], minlength=len(facts.view.height))
            speaks = (count > 0) & (count < np.bincount(t[facts.eligible], minlength=len(count)))
            return marked & speaks[t], speaks

        return ChangeRule(name, why, fails, votes, later)

    return make


@_rule("address_reuse", "it pays back to an address that the transaction spends from", "a payment to oneself")
def address_reuse(facts):
    view, n = facts.view, np.int64(len(facts.view.addresses) + 1)
    spender = np.repeat(np.arange(len(view.height)), facts.input_count)
    spent = spender * n + view.input_address
    return np.isin(view.output_tx * n + view.output_address, spent[view.input_address >= 0])


@_rule("script_type", "it has the script type that all inputs have", "payer and payee use the same kind of wallet")
def script_type(facts):
    types = facts.type_code[facts.view.spent_output]
    low, high = facts.of_inputs(np.minimum, types, -1), facts.of_inputs(np.maximum, types, -2)
    return facts.type_code == facts.per_output(np.where(low == high, low, -3))


@_rule(
    "optimal_change",
    "it is smaller than every input: a wallet would not add an input that it does not need",
    "wallets that merge many inputs on purpose, and payments smaller than the change",
)
def optimal_change(facts):
    smallest = facts.of_inputs(np.minimum, facts.view.output_value[facts.view.spent_output], 0)
    return facts.per_output(facts.input_count > 1) & (facts.view.output_value < facts.per_output(smallest))


@_rule(
    "fresh_address",
    "its address was never seen before: most wallets make a new one for change (Meiklejohn et al. 2013)",
    "the payee gives a new address as well, or the wallet reuses its own",
)
def fresh_address(facts):
    view = facts.view
    first = np.full(len(view.addresses) + 1, len(view.output_address))
    np.minimum.at(first, view.output_address, np.arange(len(view.output_address)))
    return (view.output_address >= 0) & (first[view.output_address] == np.arange(len(view.output_address)))


@_rule(
    "lock_time",
    "the transaction that spends it uses lock_time as this one does; an output not yet spent stays possible",
    "both sides use the same software",
    later=True,
)
def lock_time(facts):
    return _same_habit(facts, (facts.habit("lock_time") > 0).astype(np.int64))


@_rule(
    "client_behaviour",
    "it is spent with the same version, use of lock_time and replacement signal (BIP125); unspent stays possible",
    "both sides use the same software, or the payer changed a setting",
    later=True,
)
def client_behaviour(facts):
    sequence = facts.ledger.inputs["sequence"].to_numpy()
    replaceable = facts.of_inputs(np.minimum, sequence, 0) < _REPLACEABLE
    locks = facts.habit("lock_time") > 0
    return _same_habit(facts, facts.habit("version") * 4 + locks * 2 + replaceable)


@_rule(
    "peel",
    "one input, two outputs, and this one is spent by a transaction of the same shape",
    "the payee spends in the same shape",
    later=True,
)
def peel(facts):
    shape = (facts.input_count == 1) & (np.bincount(facts.view.output_tx, minlength=len(facts.view.height)) == 2)
    return facts.per_output(shape) & (facts.spender >= 0) & shape[facts.spender]


def round_value(digits: int = 6) -> ChangeRule:
    """Change is what is not round: not a multiple of 10 to the power of `digits`, in satoshi."""
    return _rule(
        f"round_value({digits})",
        "people pay round amounts; the rest is not round",
        "payments computed from a price in another currency, and round change",
    )(lambda facts: facts.view.output_value % 10**digits != 0)


def position(place: str = "last") -> ChangeRule:
    """Change stands at a fixed place, "first" or "last"; right for some wallets, nonsense for those that shuffle."""
    if place not in ("first", "last"):
        raise CointrailError(f"{place!r} is no position: write 'first' or 'last'.")

    def mark(facts):
        chosen = np.zeros(len(facts.eligible), bool)
        outputs = np.flatnonzero(facts.eligible)
        t = facts.view.output_tx[outputs]
        edge = np.diff(t, prepend=-1) != 0 if place == "first" else np.diff(t, append=-1) != 0
        chosen[outputs[edge]] = True
        return chosen

    return _rule(f"position({place})", "many wallets put change at one place", "wallets that shuffle or sort")(mark)


def by_size(size: str) -> ChangeRule:
    """Change is the "smallest" or the "largest" output: folk rules, to be measured and not believed."""
    if size not in ("smallest", "largest"):
        raise CointrailError(f"{size!r} is no size: write 'smallest' or 'largest'.")
    ufunc = np.minimum if size == "smallest" else np.maximum

    def mark(facts):
        edge = np.full(len(facts.view.height), np.iinfo(np.int64).max if size == "smallest" else -1)
        ufunc.at(edge, facts.view.output_tx[facts.eligible], facts.view.output_value[facts.eligible])
        return facts.view.output_value == facts.per_output(edge)

    return _rule(f"by_size({size})", f"the {size} output is the rest", "any payment of the other size")(mark)


def _same_habit(facts, habit):
    spender = facts.spender
    return (spender < 0) | (habit[spender] == facts.per_output(habit))


PUBLISHED = (
    address_reuse,
    script_type,
    optimal_change,
    round_value(6),
    fresh_address,
    lock_time,
    client_behaviour,
    peel,
)
