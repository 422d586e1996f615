"""Account-chain addresses, contracts and token amounts: how they are written, and which contract is meant.

An address of an account chain is 0x and 40 hex digits, for a person's key and for a contract alike; nothing in it says
of which network it is, so the course writes ``syn:0x...``. A token is its contract: symbol and name are text that
anybody can copy.
"""

import re
from decimal import Context, Decimal

from cointrail.errors import CointrailError
from cointrail.ledger import TokenLedger
from cointrail.ledger.token_checks import ZERO_ADDRESS

__all__ = ["account_address", "account_kind", "as_amount", "show_address", "token_contract"]

_FORM = re.compile(r"0x[0-9a-f]{40}")
# A uint256 has at most 78 digits.
_EXACT = Context(prec=100)


def account_address(text: str) -> str:
    """The address as the tables write it: small letters, without ``syn:``.

    Capital letters can carry a checksum (EIP-55); it is not checked here.

    Raises
    ------
    CointrailError
        The text is no address of an account chain.

    Examples
    --------
    >>> account_address("syn:0x" + "AB" * 20)[:8]
    '0xababab'
    """
    address = text.strip().removeprefix("syn:").lower() if isinstance(text, str) else ""
    if not _FORM.fullmatch(address):
        raise CointrailError(f"{text!r} is no address of an account chain: it is 0x and 40 characters, 0-9 and a-f.")
    return address


def show_address(address: str) -> str:
    """The address as a page shows it, ``syn:0x...``: so that nobody takes it for one of a real network."""
    return f"syn:{account_address(address)}"


def account_kind(ledger: TokenLedger, address: str) -> str:
    """What stands behind an address: "contract" (code), "key" (somebody who signs), or "nothing seen".

    A key that never signed looks like nothing; a contract is one that the ledger shows being created.

    Raises
    ------
    CointrailError
        The text is no address.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> ledger = load_token_ledger("glass_harbour")
    >>> account_kind(ledger, ledger.tokens["address"].iloc[0])
    'contract'
    """
    address = account_address(address)
    if address in contracts_of(ledger):
        return "contract"
    return "key" if address in _signers(ledger) else "nothing seen"


def token_contract(ledger: TokenLedger, token: str) -> str:
    """The contract of a token, named by its address, or by a symbol that only one contract uses.

    Raises
    ------
    CointrailError
        No token has that address or symbol; or several contracts carry the symbol.

    Examples
    --------
    >>> from cointrail.ledger import load_token_ledger
    >>> len(token_contract(load_token_ledger("glass_harbour"), "HBC"))
    42
    """
    tokens = ledger.tokens
    if isinstance(token, str) and token.strip().removeprefix("syn:").lower().startswith("0x"):
        address = account_address(token)
        if address not in set(tokens["address"]):
            raise CointrailError(f"{token} is no token of the ledger {ledger.name}: its table `tokens` lists them.")
        return address
    named = tokens.loc[tokens["symbol"] == token, "address"].tolist()
    if not named:
        raise CointrailError(f"No token of the ledger {ledger.name} is called {token!r}: give its contract's address.")
    if len(named) > 1:
        raise CointrailError(
            f"{len(named)} contracts call themselves {token}: give the address of the one you mean, because a symbol "
            "proves nothing."
        )
    return named[0]


def as_amount(units: int, decimals: int) -> Decimal:
    """Base units as the number that people write: divided by 10 to the power of the token's decimals, exactly.

    >>> as_amount(5_000_000, 6), as_amount(5_000_000, 18)
    (Decimal('5.000000'), Decimal('5.000000E-12'))
    """
    return Decimal(units).scaleb(-int(decimals), _EXACT)


def kept(ledger: TokenLedger, name: str, make):
    """What `make()` gives, computed once and kept with the ledger, as `ledger_arrays` is."""
    memory = vars(ledger)
    if name not in memory:
        memory[name] = make()
    return memory[name]


def contracts_of(ledger: TokenLedger) -> dict[str, int]:
    """Every contract that the ledger shows being created, and the block in which that was."""
    return kept(ledger, "_contracts", lambda: _created(ledger, "block_number"))


def makers_of(ledger: TokenLedger) -> dict[str, str]:
    """Who created each contract: a key, or another contract."""
    return kept(ledger, "_makers", lambda: _created(ledger, "from_address"))


def _created(ledger, column):
    made = ledger.traces[(ledger.traces["trace_type"] == "create") & (ledger.traces["status"] == 1)]
    return dict(zip(made["to_address"], made[column], strict=True))


def block_times(ledger: TokenLedger):
    """The time of each block, by number."""
    return kept(ledger, "_block_times", lambda: ledger.blocks.set_index("number")["timestamp"])


def senders(ledger: TokenLedger) -> dict[str, str]:
    """Who signed each transaction, by its hash."""
    return kept(
        ledger,
        "_senders",
        lambda: dict(zip(ledger.transactions["hash"], ledger.transactions["from_address"], strict=True)),
    )


def token_facts(ledger: TokenLedger) -> dict[str, tuple[str, int]]:
    """Symbol and decimals of each token, by contract."""
    columns = (ledger.tokens[name] for name in ("address", "symbol", "decimals"))
    return {address: (symbol, int(decimals)) for address, symbol, decimals in zip(*columns, strict=True)}


def _signers(ledger):
    return kept(ledger, "_signers", lambda: set(ledger.transactions["from_address"]) - {ZERO_ADDRESS})
