"""Documents as answers: read them safely, and say where one does not fit its schema."""

import jsonschema
import yaml

from cointrail.exercises.answer_types import AnswerError

__all__ = ["read_document"]


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
    try:
        document = yaml.safe_load(text)
        jsonschema.Draft202012Validator(form["schema"]).validate(document)
    except yaml.YAMLError as error:
        raise AnswerError(f"The document is neither YAML nor JSON: {str(error).splitlines()[0]}.") from error
    except jsonschema.ValidationError as error:
        where = "/".join(map(str, error.absolute_path)) or "the top level"
        raise AnswerError(f"At {where} the document does not fit: {error.message[:200]}.") from error
    except RecursionError as error:
        raise AnswerError("The document is nested too deeply.") from error
    return document
