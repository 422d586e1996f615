"""The tags of a board: what somebody claims about an address, with how sure the claim is (0 to 100)."""

from collections import defaultdict
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.tracing.tagpack import CONFIDENCE, check_tagpack, read_tagpack

__all__ = ["Tags"]

SERVICES = frozenset(
    "exchange market mixing_service mixing payment_processor atm defi_bridge defi_dex hot_wallet cold_wallet".split()
)


class Tags:
    """The tags of some TagPacks by what they speak of.

    Parameters
    ----------
    packs : TagPack as dict or file, or a list of them
    """

    def __init__(self, packs=()):
        listed = [packs] if isinstance(packs, dict | str | Path) else list(packs)
        self.packs = [_read(pack) for pack in listed]
        self._by_name = defaultdict(list)
        for pack in self.packs:
            for tag in pack["tags"]:
                name = tag.get("address") or tag["tx_hash"]
                self._by_name[name.lower() if name[:2] in ("0x", "0X") else name].append(tag)

    def __bool__(self):
        return bool(self._by_name)

    def of(self, names) -> list[dict]:
        """All tags of these addresses, the surest first; equally sure ones in the order given."""
        found = [tag for name in names for tag in self._by_name.get(name, ())]
        return sorted(found, key=lambda tag: -CONFIDENCE[tag["confidence"]])

    @staticmethod
    def words(tag: dict) -> str:
        """A tag in one line, with its source and how sure it is."""
        return f"{tag['label']} (source {tag['source']}), confidence {Tags.sure(tag)}"

    @staticmethod
    def sure(tag: dict) -> str:
        """The confidence as a number out of 100 and its name."""
        return f"{CONFIDENCE[tag['confidence']]}/100 {tag['confidence']}"

    @staticmethod
    def is_service(tag: dict) -> bool:
        """Whether a tag speaks of a service, in whose books a trail goes on."""
        return bool(SERVICES & {tag.get("category"), *tag.get("concepts", ())})


def _read(pack):
    if isinstance(pack, dict):
        return check_tagpack(pack)
    if isinstance(pack, str | Path):
        return read_tagpack(pack)
    raise CointrailError(f"tags must be TagPacks (see read_tagpack), not {type(pack).__name__}.")
