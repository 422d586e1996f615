"""What a world holds, in a few lines a person can read; nothing of its truth."""

from cointrail.ledger import Ledger
from cointrail.world.files import WorldFiles

__all__ = ["describe_world"]


def describe_world(name: str) -> str:
    """Counts, dates, script types and exhibits of a world, as text."""
    files = WorldFiles(name)
    manifest, ledger = files.manifest, files.ledger
    size = sum(path.stat().st_size for path in files.published())
    lines = [
        f"{name}: {manifest['banner']}",
        f"  size          {size / 1_000_000:.2f} MB in {len(files.published())} files",
        *_ledger_lines(ledger),
    ]
    for docket in manifest["dockets"]:
        register = files.register(docket)
        lines.append(f"  docket {docket}" + ("" if register else "  no exhibits yet"))
        lines += [f"    {entry['id']}  {entry['file']:26} {entry['title']}" for entry in register]
    return "\n".join(lines)


def _ledger_lines(ledger: Ledger) -> list[str]:
    payments = ledger.transactions[~ledger.transactions["is_coinbase"]]
    days = ledger.blocks["timestamp"].dt.strftime("%Y-%m-%d")
    types = ", ".join(f"{kind} {count}" for kind, count in ledger.outputs["type"].value_counts().items())
    return [
        f"  blocks        {len(ledger.blocks)}, {days.min()} to {days.max()} (UTC), tip at height {ledger.tip}",
        f"  transactions  {len(payments)} payments and {len(ledger.transactions) - len(payments)} coinbases",
        f"  outputs       {len(ledger.outputs)}, of which {len(ledger.inputs)} were spent again",
        f"  output types  {types}",
        f"  fees          {payments['fee'].sum():,} sat together, {payments['fee'].max():,} sat at most",
    ]
