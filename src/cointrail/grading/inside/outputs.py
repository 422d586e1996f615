"""The outputs of one cell, as a notebook stores them, up to a number of bytes."""

import json

__all__ = ["CellOutputs"]


class CellOutputs:
    """Collects what a shell says while a cell runs.

    Parameters
    ----------
    most_bytes : int
        What comes after these many bytes is left out, and a line says so.
    """

    def __init__(self, most_bytes):
        self._left = most_bytes
        self._outputs = []
        self._by_display_id = {}
        self._clear_next = False

    def finished(self):
        """The outputs as plain data."""
        return [_joined(output) for output in self._outputs]

    def add(self, kind, content):
        """Take one message of Jupyter's iopub channel; kinds that are no output are passed over."""
        if kind == "clear_output":
            self._clear(content.get("wait"))
        elif kind == "stream":
            self._add_text(content)
        elif kind in ("display_data", "execute_result", "error", "update_display_data"):
            self._add_whole(kind, content)

    def ran_out_of_time(self, sentence):
        """Say so, in place of the interruption that stopped the cell."""
        if self._outputs and self._outputs[-1].get("ename") == "KeyboardInterrupt":
            self._outputs.pop()
        self._outputs.append({"output_type": "error", "ename": "TimeOut", "evalue": sentence, "traceback": [sentence]})

    def _clear(self, wait):
        self._clear_next = bool(wait)
        if not wait:
            self._outputs.clear()
            self._by_display_id.clear()

    def _add_text(self, content):
        text = content["text"][: max(self._left, 0)]
        if not text:
            return
        self._begin()
        last = self._outputs[-1] if self._outputs else {}
        if last.get("name") == content["name"]:
            last["parts"].append(text)
        else:
            self._outputs.append({"output_type": "stream", "name": content["name"], "parts": [text]})
        self._spend(len(text))

    def _add_whole(self, kind, content):
        size = len(json.dumps(content, default=str))
        if size > self._left:
            self._spend(self._left)
            return
        known = self._by_display_id.get((content.get("transient") or {}).get("display_id"))
        kept = {name: content[name] for name in _FIELDS[kind] if name in content}
        if kind == "update_display_data":
            if known is not None:
                known.update(kept)
            return
        self._begin()
        self._outputs.append({"output_type": kind, **kept})
        shown = (content.get("transient") or {}).get("display_id")
        if shown is not None:
            self._by_display_id[shown] = self._outputs[-1]
        self._spend(size)

    def _begin(self):
        if self._clear_next:
            self._clear(False)

    def _spend(self, size):
        if self._left > 0 and self._left - size <= 0:
            self._outputs.append({"output_type": "stream", "name": "stdout", "parts": [_LEFT_OUT]})
        self._left -= size


def _joined(output):
    """A stream is collected in parts, which many small prints make cheap."""
    if output["output_type"] != "stream":
        return output
    return {"output_type": "stream", "name": output["name"], "text": "".join(output["parts"])}


_LEFT_OUT = "\n[The output of this cell was too long; the rest is left out.]\n"
_FIELDS = {
    "display_data": ("data", "metadata"),
    "update_display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
    "error": ("ename", "evalue", "traceback"),
}
