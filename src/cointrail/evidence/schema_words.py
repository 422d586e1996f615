"""What a JSON schema found wrong, in words that a person without regular expressions understands."""

from jsonschema import ValidationError

__all__ = ["schema_words"]

# The patterns of the course's forms, by what they ask for.
_PATTERNS = {
    r"\S": "a text that is not empty",
    r"^[0-9a-f]{64}\Z": "64 characters, each 0-9 or a-f",
    r"^[0-9A-Fa-f]{64}\Z": "64 characters, each 0-9 or a-f",
    r"^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?Z\Z": "a time in UTC such as 2026-03-20T02:30:00Z",
    r"^SYN[A-Z]+\Z": "an asset of this course such as SYNBTC",
}


def schema_words(error: ValidationError) -> str:
    """One sentence without its full stop, such as ``'?' is not 64 characters, each 0-9 or a-f``.

    What the table of patterns does not know keeps the validator's own words (https://json-schema.org).

    Examples
    --------
    >>> from jsonschema import Draft202012Validator
    >>> wrong = next(Draft202012Validator({"pattern": r"^[0-9a-f]{64}\\Z"}).iter_errors("?"))
    >>> schema_words(wrong)
    "'?' is not 64 characters, each 0-9 or a-f"
    """
    wanted = _PATTERNS.get(error.validator_value) if error.validator == "pattern" else None
    return f"{str(error.instance)[:80]!r} is not {wanted}" if wanted else error.message
