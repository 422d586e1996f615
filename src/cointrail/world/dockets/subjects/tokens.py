"""The suspect's account on the account chain (lesson 2.4): a balance at a block, a counterfeit, a poisoner's lines.

The block is the one of the first hop of the suspect's route: before it the account holds what came over, after it only
a remainder, and around it stand an approval, a failed try, counterfeit units and false lines (`world.evm.pitfalls`).
"""

from cointrail.errors import CointrailError
from cointrail.tracing import show_address, token_balance
from cointrail.tracing.token_transfers import account_history
from cointrail.world.dockets import cast
from cointrail.world.dockets.paper import Paper, Subject, csv_paper, paragraph, text_paper
from cointrail.world.dockets.source import Source

__all__ = ["make"]

POISONING = ("poisoning, nothing moved", "poisoning, counterfeit", "poisoning, dust")


def make(source: Source) -> Subject:
    """Papers E34a and E34b, and the facts of lesson 2.4."""
    account, hop = _account(source), _hop(source)
    token, height = hop["token_address"], int(hop["block_number"])
    contracts = _contracts(source)
    history = account_history(source.tokens, account)
    until = history[history["height"] <= height]
    facts = {
        "account": account,
        "token": token,
        "symbol": _symbol(source, token),
        "decimals": _decimals(source, token),
        "height": height,
        "balance": str(token_balance(source.tokens, account, token, height)),
        "balance_at_tip": str(token_balance(source.tokens, account, token)),
        "received": str(_sum(until, token, kind="token transfer", way="in")),
        "counterfeit_held": str(token_balance(source.tokens, account, contracts["counterfeit"], height)),
        "approved": str(_sum(until, token, kind="approval", way="out")),
        "failed": str(_sum(until, token, kind="failed", way="out")),
        "contracts": contracts["listed"],
        "counterfeit": contracts["letter"],
        "poisoning": _poisoning(source, account),
        "zero_lines": sorted(set(history["txid"][(history["kind"] == "token transfer") & (history["units"] == 0)])),
        "failed_transactions": sorted(set(history["txid"][history["kind"] == "failed"])),
        "internal": str(sum(history["units"][(history["kind"] == "internal") & (history["way"] == "in")])),
        "coins_in": str(sum(history["units"][history["kind"].isin(["internal", "coin"]) & (history["way"] == "in")])),
    }
    _prove(source, facts)
    return Subject([_sheet(source, facts), _issuers_list(source, facts)], facts)


def _account(source: Source) -> str:
    accounts = source.truth("accounts")
    mine = accounts[(accounts["entity"] == source.vendor["vendor"]) & (accounts["role"] == "main")]
    return mine["address"].iloc[0]


def _hop(source: Source):
    """The token transfer of the first hop."""
    routes, moves = source.of("token_routes"), source.tokens.token_transfers
    txid = routes["transaction_hash"][routes["step"] == 1].iloc[0]
    return moves[moves["transaction_hash"] == txid].iloc[0]


def _contracts(source: Source) -> dict:
    """The token contracts as the sheet lists them, K1 first, in an order of this docket's own."""
    tokens = source.tokens.tokens
    accounts = source.truth("accounts").set_index("address")
    fake = next(one for one in tokens["address"] if accounts.loc[one, "entity"] == "counterfeiter")
    listed = source.stream("contracts").shuffled(sorted(tokens["address"]))
    # Turned by the docket's number, so that neighbours do not share a letter.
    turn = source.number % len(listed)
    listed = listed[turn:] + listed[:turn]
    names = {f"K{place}": address for place, address in enumerate(listed, 1)}
    return {"listed": names, "letter": next(k for k, one in names.items() if one == fake), "counterfeit": fake}


def _symbol(source: Source, token: str) -> str:
    return source.tokens.tokens.set_index("address").loc[token, "symbol"]


def _decimals(source: Source, token: str) -> int:
    return int(source.tokens.tokens.set_index("address").loc[token, "decimals"])


def _sum(history, token: str, *, kind: str, way: str) -> int:
    chosen = (history["kind"] == kind) & (history["way"] == way) & (history["token"] == token)
    return sum(history["units"][chosen])


def _poisoning(source: Source, account: str) -> list[str]:
    """Transactions that a poisoner made to leave a false line in this account's history."""
    moves, purposes = source.tokens.token_transfers, source.truth("token_transactions").set_index("hash")["purpose"]
    mine = moves[(moves["from_address"] == account) | (moves["to_address"] == account)]
    return sorted({txid for txid in mine["transaction_hash"] if purposes[txid] in POISONING})


def _prove(source: Source, facts: dict) -> None:
    if len(facts["poisoning"]) < 3 or min(int(facts[name]) for name in ("balance", "approved", "failed")) <= 0:
        raise CointrailError(
            f"Docket {source.letter}: the account chain lacks what lesson 2.4 reads. Make it again: "
            f"python -m cointrail.world.evm {source.world}"
        )


def _sheet(source: Source, facts: dict) -> Paper:
    rows = "\n".join(f"  {letter}   {show_address(one)}" for letter, one in facts["contracts"].items())
    shown = f"""The program "wallet (tokens)" on phone {source.cast.phone_imei} shows one account. The examiner copied
        its address; "syn:" is put before each address so that nobody takes it for one of a real network. The program
        calls three contracts by name and symbol; which are the issuer's, it does not say."""
    text = f"""TOKEN SHEET                                                  Case {source.cast.case_number}

{paragraph(shown)}

Account     {show_address(facts["account"])}
Block       {facts["height"]}
Token       {facts["symbol"]}

Contracts in the program's list

{rows}

Asked: how much of the token did the account hold after that block?

{source.cast["examiner"].name}, {cast.FORENSICS}
"""
    links = [("address", facts["account"]), *(("address", one) for one in facts["contracts"].values())]
    return text_paper(
        "E34a",
        "token_sheet.txt",
        text,
        title="Token sheet of the phone's second wallet",
        source=f"Phone {source.cast.phone_imei}",
        authority=f"Search order {source.cast.order_number('SE', 2)}",
        reliability="A2",
        acquired=f"{cast.SEARCH}T14:05:00Z",
        acquirer=cast.FORENSICS,
        links=tuple(links),
    )


def _issuers_list(source: Source, facts: dict) -> Paper:
    """The issuer names its two contracts, with decimals; the third stands in no list of anybody's."""
    accounts, tokens = source.truth("accounts").set_index("address"), source.tokens.tokens
    rows = [
        (token.symbol, token.name, show_address(token.address), int(token.decimals))
        for token in tokens.itertuples()
        if accounts.loc[token.address, "entity"] == "stablemark"
    ]
    return csv_paper(
        "E34b",
        "issuers_contracts.csv",
        ["symbol", "name", "contract", "decimals"],
        rows,
        title="STABLEMARK's own list of its contracts",
        source="STABLEMARK, answer to a letter of the cell",
        authority="Request to the issuer, voluntary answer",
        reliability="A2",
        acquired=f"{cast.ANSWERS}T09:30:00Z",
    )
