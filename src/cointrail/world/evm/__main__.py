"""``python -m cointrail.world.evm NAME``: make the account chain of a world again, beside its UTXO chain."""

import sys

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, load_ledger, load_manifest
from cointrail.world.evm.make import make_evm, read_crossings, write_evm
from cointrail.world.files import truth_folder


def main(name: str) -> None:
    seed = load_manifest(name)["seed"]
    if seed is None:
        raise CointrailError(f"The seed of {name} is secret: make its chains together with `cointrail world make`.")
    crossings, suspects = read_crossings(truth=truth_folder() / name, outputs=load_ledger(name).outputs)
    world = make_evm(name, bytes.fromhex(seed), crossings, suspects=suspects)
    write_evm(world, data=data_folder(), truth_folder=truth_folder())
    print(f"{world.ledger} is written beside the world's UTXO chain.")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say which world: python -m cointrail.world.evm glass_harbour")
    main(sys.argv[1])
