"""Make outputs of the untrusted side safe to store: well-formed by nbformat, bounded, and plain UTF-8."""

import json
import re

import nbformat

from cointrail.exercises.records import MIME

__all__ = ["clean_outputs", "clean_text", "note_output", "one_line"]

_MOST_OUTPUTS = 500
_MOST_JSON = {MIME: 256 * 1024}
_MOST_OTHER_JSON = 64 * 1024
_MOST_TRACEBACK = 100
_MOST_COLOURS = 1000  # escapes in one text: nbconvert copies the rest of the text at each of them
_KIND = re.compile(r"[a-zA-Z0-9]+/[a-zA-Z0-9.+-]+")
_JSON_KIND = re.compile(r"application/(.*\+)?json")  # as nbformat's schema has it


def clean_text(text):
    """The text without half characters (lone surrogates), which no file could hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _shown(text):
    return _shown_together([text])[0]


def _shown_together(texts):
    """Texts for a page: clean, and without colours where there are so many that no page would ever be made of them."""
    texts = [clean_text(text) for text in texts]
    many = sum(text.count("\x1b") for text in texts) > _MOST_COLOURS
    return [text.replace("\x1b", "") for text in texts] if many else texts


def one_line(text, longest=80):
    """A stranger's text for a terminal or a sentence: one line, only signs that print, not too long."""
    return "".join(sign if sign.isprintable() else "?" for sign in clean_text(text))[:longest]


def note_output(name, sentence):
    """An error output in words."""
    return nbformat.v4.new_output("error", ename=name, evalue=sentence, traceback=[sentence])


def clean_outputs(outputs):
    """The outputs that are outputs, each rebuilt from its known fields; text of one stream in one piece.

    Parameters
    ----------
    outputs : list
        JSON of a stranger, of bounded size and depth.
    """
    cleaned = []
    for output in outputs[:_MOST_OUTPUTS]:
        made = _CLEANERS.get(output.get("output_type"), _nothing)(output) if _is_output(output) else None
        if made is None:
            continue
        if cleaned and made.output_type == "stream" == cleaned[-1].output_type and made.name == cleaned[-1].name:
            cleaned[-1].text += made.text
        else:
            cleaned.append(made)
    return cleaned


def _is_output(output):
    return isinstance(output, dict) and isinstance(output.get("output_type"), str)


def _nothing(output):
    return None


def _stream(output):
    text = output.get("text")
    name = "stderr" if output.get("name") == "stderr" else "stdout"
    return nbformat.v4.new_output("stream", name=name, text=_shown(text)) if isinstance(text, str) else None


def _display(output):
    return nbformat.v4.new_output("display_data", data=_bundle(output), metadata=_metadata(output))


def _result(output):
    count = output.get("execution_count")
    return nbformat.v4.new_output(
        "execute_result",
        data=_bundle(output),
        metadata=_metadata(output),
        execution_count=count if type(count) is int and 0 <= count < 1_000_000 else None,
    )


def _error(output):
    lines = output.get("traceback")
    lines = lines[:_MOST_TRACEBACK] if isinstance(lines, list) else []
    return nbformat.v4.new_output(
        "error",
        ename=clean_text(str(output.get("ename"))[:200]),
        evalue=clean_text(str(output.get("evalue"))[:4000]),
        traceback=_shown_together([line for line in lines if isinstance(line, str)]),
    )


def _bundle(output):
    data = output.get("data")
    pairs = data.items() if isinstance(data, dict) else ()
    return {kind: _value(kind, value) for kind, value in pairs if _fits(kind, value)}


def _fits(kind, value):
    """Text for every kind; JSON for the kinds that are JSON, up to a size; nothing for what names no kind."""
    if not _KIND.fullmatch(kind):
        return False
    if not _JSON_KIND.fullmatch(kind):
        return isinstance(value, str)
    return _json_size(value) <= _MOST_JSON.get(kind, _MOST_OTHER_JSON)


def _json_size(value):
    """In bytes, as `exercises.records` measures an answer."""
    try:
        return len(json.dumps(value, allow_nan=False, ensure_ascii=False).encode("utf-8", "replace"))
    except ValueError:  # a number too large for a float, such as 1e999
        return _MOST_OTHER_JSON * 100


def _value(kind, value):
    return (
        json.loads(clean_text(json.dumps(value, ensure_ascii=False))) if _JSON_KIND.fullmatch(kind) else _shown(value)
    )


def _metadata(output):
    """Kept when small: it holds a picture's words and size."""
    metadata = output.get("metadata")
    if not isinstance(metadata, dict) or _json_size(metadata) > _MOST_OTHER_JSON:
        return {}
    return _value("application/json", {name: value for name, value in metadata.items() if name != "cointrail"})


_CLEANERS = {"stream": _stream, "display_data": _display, "execute_result": _result, "error": _error}
