"""What a request to another country or a company is scored by: its kind, addressee, basis, order, reference, payments.

Lesson 5.3, the exam and the capstone ask for such requests and share these rows.
"""

from collections.abc import Mapping

__all__ = ["expected_facts", "request_facts"]

_NAMES = ("kind", "to", "legal_basis", "order_id", "reference")
_OF_PAYMENT = ("txid", "address", "time", "amount")


def request_facts(document: Mapping) -> list:
    """The rows of a request that was handed in; what it says in free text is not among them."""
    paid = [["payment", *(payment[name] for name in _OF_PAYMENT)] for payment in document["payments"]]
    return [[name, document.get(name)] for name in _NAMES] + paid


def expected_facts(request: Mapping, **instead) -> list:
    """The rows that are right: a request for evidence to SELMORA, or what `instead` names.

    Parameters
    ----------
    request : mapping
        The docket's facts of the subject cooperation: to, basis, order_id, reference and the payment.

    Examples
    --------
    >>> paid = {"txid": "ab", "address": "x", "time": "t", "amount": 1}
    >>> asked = {"to": "S", "basis": "art. 9", "order_id": "O-1", "reference": "R"} | paid
    >>> rows = expected_facts(asked, kind="preservation", order_id=None)
    >>> rows[0], rows[3], rows[-1]
    (['kind', 'preservation'], ['order_id', None], ['payment', 'ab', 'x', 't', 1])
    """
    head = {"kind": "mutual legal assistance", "to": request["to"], "legal_basis": request["basis"]}
    head |= {"order_id": request["order_id"], "reference": request["reference"]} | instead
    return request_facts(head | {"payments": [request]})
