"""Does a sentence name the command that this person can type?"""

import pytest

from cointrail.cli import main
from cointrail.errors import CointrailError


@pytest.mark.parametrize(("typed", "said"), [("", "cointrail lab --as X"), ("py start.py", "py start.py lab --as X")])
def test_a_sentence_names_the_command_that_was_typed(monkeypatch, typed, said):
    monkeypatch.setenv("COINTRAIL_TYPED", typed)
    assert (
        str(CointrailError("The toolkit cointrail. Run: cointrail lab --as X")) == f"The toolkit cointrail. Run: {said}"
    )


def test_help_names_it_too(monkeypatch, capsys):
    monkeypatch.setenv("COINTRAIL_TYPED", "py start.py")
    with pytest.raises(SystemExit):
        main(["submit", "--help"])
    said = capsys.readouterr().out
    assert (
        "usage: py start.py submit" in said and "  py start.py submit day2" in said and "cointrail submit" not in said
    )
