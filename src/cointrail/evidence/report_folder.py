"""The folder that a report is made from: claims.json, numbers.json, about.json and, where there is one, tags.yaml.

`cointrail bundle` reads it, derives every number anew and makes the bundle.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from cointrail.evidence.claims import Claim, write_claims

__all__ = ["write_report"]


def write_report(
    folder: Path | str,
    *,
    claims: Iterable[Claim],
    about: Mapping,
    numbers: Iterable[Mapping] = (),
    tags: Mapping | None = None,
) -> None:
    """Write the files that `cointrail bundle` reads; the folder is made if need be.

    Parameters
    ----------
    folder : Path or str
    claims : iterable of Claim
    about : mapping
        title, author, world, height (of the last block read), ambiguity (a list of sentences: what remains open).
    numbers : iterable of mapping
        Each with claim, name, value, and how to derive it; see `cointrail.evidence.numbers`.
    tags : mapping, optional
        A TagPack. An answer that was not given yet (...) counts as none.

    Raises
    ------
    CointrailError
        Two claims have the same id.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> claim = Claim(id="C1", claim="The address received coins.", methods=["balance"], confidence="strong",
    ...     exhibits=["E49a"], limits="Who held its key is not shown.")
    >>> about = {"title": "T", "author": "Unit 5", "world": "primer", "height": 200, "ambiguity": ["Whose key it is."]}
    >>> with TemporaryDirectory() as folder:
    ...     write_report(folder, claims=[claim], about=about)
    ...     sorted(file.name for file in Path(folder).iterdir())
    ['about.json', 'claims.json']
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_claims(claims, folder / "claims.json")
    rest = {"about.json": dict(about), "numbers.json": list(numbers), "tags.yaml": tags}
    for name, content in rest.items():
        if content and content is not ...:  # JSON is YAML as well
            (folder / name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
