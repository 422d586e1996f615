"""Documents as answers: read them safely, and say where one does not fit its schema."""

from textwrap import shorten

import jsonschema
import yaml

from cointrail.evidence.schema_words import schema_words
from cointrail.exercises.answer_types import AnswerError
from cointrail.exercises.strangers_json import recursion_at_most

__all__ = ["read_document"]


_LONGEST = 64_000  # characters: a TagPack or request has a few thousand, and reading takes its time
_DEEPEST = 1000  # calls


class _WithoutAliases(yaml.SafeLoader):
    """Refuses YAML's aliases: a few lines of them can stand for more than any memory holds."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not allowed; write the value again")
        return super().compose_node(parent, index)


def read_document(form, text):
    """The content of a YAML or JSON document that fits the form's `schema`.

    Nothing in it is executed, and nothing it names is fetched.

    Raises
    ------
    AnswerError
        The text is no document, or it does not fit; the sentence says where.

    Examples
    --------
    >>> read_document({"schema": {"type": "object"}}, "title: a pack")
    {'title': 'a pack'}
    """
    if len(text) > _LONGEST:
        raise AnswerError(f"The document has {len(text):,} characters; at most {_LONGEST:,} are read.")
    try:
        with recursion_at_most(_DEEPEST):
            document = yaml.load(text, Loader=_WithoutAliases)  # a SafeLoader: nothing is executed
            jsonschema.Draft202012Validator(form["schema"]).validate(document)
    except yaml.YAMLError as error:
        raise AnswerError(
            f"The document is neither YAML nor JSON: {str(error).splitlines()[0]}. If a function made it, give "
            "what the function returned, not its printed text."
        ) from error
    except jsonschema.ValidationError as error:
        where = "/".join(map(str, error.absolute_path)) or "the top level"
        raise AnswerError(
            f"At {where} the document does not fit: {shorten(schema_words(error), 500, placeholder=' …')}."
        ) from error
    except RecursionError as error:
        raise AnswerError("The document is nested too deeply.") from error
    except (
        ValueError,
        TypeError,
        ArithmeticError,
    ) as error:  # a date that is none, a number of 5,000 digits, a key that is no text
        raise AnswerError(f"The document holds a value that cannot be read: {str(error)[:200]}.") from error
    return document
