"""Bitcoin Core's own consensus code (libbitcoinkernel) as judge over raw blocks."""

import ctypes
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pbk
import pbk.capi.bindings as kernel

__all__ = ["Verdict", "judge"]


@dataclass(frozen=True)
class Verdict:
    """How far the kernel went: `connected` blocks in order, and why it stopped (None if it took them all)."""

    connected: int
    refusal: str | None = None


def judge(blocks: Iterable[bytes]) -> Verdict:
    """Let the kernel connect blocks on a fresh regtest chain, and stop at the first one it refuses.

    Parameters
    ----------
    blocks : iterable of bytes
        Raw blocks in height order, from height 1.
    """
    checked = []
    callbacks = pbk.ValidationInterfaceCallbacks(
        block_checked=lambda _, block, state: checked.append(state.block_validation_result)
    )
    context = pbk.make_context(pbk.ChainType.REGTEST, callbacks)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        options = pbk.ChainstateManagerOptions(context, folder, str(Path(folder) / "blocks"))
        options.update_block_tree_db_in_memory(True)
        options.update_chainstate_db_in_memory(True)
        return _connect(pbk.ChainstateManager(options), blocks, checked)


def _connect(manager: pbk.ChainstateManager, blocks: Iterable[bytes], checked: list) -> Verdict:
    height = 0
    for raw in blocks:
        try:
            manager.process_block(_kernel_block(raw))
        except pbk.KernelException as error:
            return Verdict(height, f"block {height + 1}: {error}")
        # process_block is also True for a block that breaks consensus: only the tip tells.
        if manager.get_active_chain().height != height + 1:
            reason = checked[-1].name if checked else "not checked"
            return Verdict(height, f"block {height + 1}: {reason}")
        height += 1
    return Verdict(height)


def _kernel_block(raw: bytes) -> pbk.Block:
    # pbk.Block(raw) copies byte by byte, 30 times slower than handing over the whole buffer.
    handle = kernel.btck_block_create(ctypes.cast(ctypes.c_char_p(raw), ctypes.c_void_p), len(raw))
    if not handle:
        raise pbk.KernelException("the bytes are no block")
    return pbk.Block._from_handle(handle)
