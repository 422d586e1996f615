"""Tamper with cells, metadata and files; some of these are honest slips."""

import json
import os

import nbformat

from attacks import attack, cell_of, graded_cells


@attack(says="was changed; the original was used")
def check_cells_that_say_nine(work):
    """Plain nbgrader restores locked cells by grade id, so that the text alone gains nothing there."""
    work.edit(lambda notebook: [cell.update(source="9.0") for cell in graded_cells(notebook)])


@attack(says="was missing; it was put back")
def check_cells_removed(work):
    """Plain nbgrader: "needs manual grading" for ever (#1682)."""
    work.edit(lambda n: n.update(cells=[c for c in n.cells if c not in graded_cells(n)]))


@attack(says="have changed|were changed|that has no effect")
def points_raised(work):
    """Plain nbgrader takes points from its database."""
    work.edit(lambda notebook: [c.metadata.nbgrader.update(points=1000) for c in graded_cells(notebook)])


@attack()
def unlocked_cells(work):
    """Check cells declared answer cells, to keep another text in them; plain nbgrader restores the metadata."""
    work.edit(lambda n: [c.metadata.nbgrader.update(solution=True, locked=False, grade=False) for c in graded_cells(n)])


@attack(says="stood there 2 times")
def a_duplicated_cell(work):
    """An honest slip (copy and paste). Plain nbgrader, measured: the grading of everybody after it stops."""

    def change(notebook):
        copy = nbformat.from_dict(cell_of(notebook, "answer_2_1b"))
        copy["id"] = "copied"
        notebook.cells.insert(0, copy)

    work.edit(change)


@attack()
def every_cell_a_thousand_times(work):
    """20,000 cells with duplicated names; plain nbgrader: as one duplicated cell."""

    def change(notebook):
        cells = [
            nbformat.from_dict({**c, "id": f"n{n}"})
            for n in range(20_000 // len(notebook.cells))
            for c in notebook.cells
        ]
        notebook.cells = cells

    work.edit(change)


@attack(says="is not a notebook")
def not_json(work):
    """Plain nbgrader: an error in the log, no feedback."""
    work.file.write_bytes(b"\x89PNG not a notebook \xff\xfe\x00")


@attack(says="the file is empty")
def an_empty_file(work):
    """An upload that broke off; plain nbgrader: an error in the log, no feedback."""
    work.file.write_bytes(b"")


@attack(says="is not a notebook")
def half_a_file(work):
    """As an empty file."""
    data = work.file.read_bytes()
    work.file.write_bytes(data[: len(data) // 2])


@attack(says="is not a notebook")
def brackets_all_the_way(work):
    """A JSON bomb of lists in lists: RecursionError in careless readers."""
    work.file.write_bytes(b"[" * 5_000_000)


@attack(says="too much memory|takes too long to read")
def a_json_bomb(work):
    """60 MB of empty lists become gigabytes of objects; plain nbgrader reads it in the instructor's process."""
    work.file.write_bytes(b'{"cells": [' + b"[]," * 20_000_000 + b"[]]}")


@attack(says="was not handed in")
def a_link_to_the_solution(work):
    """Plain nbgrader, measured: the link is followed with the instructor's rights; solution and gradebook leak."""
    target = work.root / "solutions" / "day2" / work.file.name
    file = work.file
    file.unlink()
    file.symlink_to(target)


@attack(says="was not handed in")
def a_pipe_in_place_of_the_file(work):
    """Opening a FIFO waits for ever."""
    file = work.file
    file.unlink()
    os.mkfifo(file)


@attack(says="pandas.py was not used")
def modules_that_shadow(work):
    """pandas.py beside the notebook: plain nbgrader copies it, and the kernel imports it."""
    for name in ("pandas.py", "cointrail.py", "sitecustomize.py", "json.py"):
        (work.folder / name).write_text("raise SystemExit('taken over')")


@attack(says="is not a notebook of this day")
def odd_file_names(work):
    """Names with markup, line ends and bytes that are no text; plain nbgrader prints them raw."""
    for name in (b"<script>alert(1)</script>.ipynb".replace(b"/", b"|"), b"a\nb.ipynb", b"\xff\xfe.ipynb", b"x" * 200):
        with open(os.path.join(os.fsencode(work.folder), name), "wb") as file:
            file.write(b"{}")


@attack(says="set to another kernel")
def another_kernel(work):
    """A kernelspec that starts something else; plain nbgrader restores it (measured: harmless)."""
    spec = {"name": "evil", "display_name": "Evil", "language": "bash"}
    work.edit(lambda notebook: notebook.metadata.update(kernelspec=spec))


@attack(says="holds no time")
def a_time_that_is_none(work):
    """A timestamp that cannot be read; plain nbgrader stops at it."""
    (work.folder / "timestamp.txt").write_text("tomorrow, or \ud800".encode("utf-8", "replace").decode())


@attack()
def metadata_of_every_wrong_type(work):
    """Numbers and lists where mappings belong: plain nbgrader's readers raise AttributeError or TypeError."""
    notebook = json.loads(work.file.read_text(encoding="utf-8"))
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] = [None, [], 7, {"nbgrader": 7}, {"nbgrader": {"grade_id": {}}}][number % 5]
    notebook["cells"] += [None, 7, "cell", {"cell_type": []}, {"source": 7}]
    notebook["metadata"] = {"kernelspec": 7}
    work.file.write_text(json.dumps(notebook), encoding="utf-8")


@attack(says="holds no time")
def a_time_of_hand_in_from_long_ago(work):
    """Whatever the exchange did not write: years and zones that no clock has."""
    (work.folder / "timestamp.txt").write_text("9999-12-31 23:59:59 -99999", encoding="utf-8")


@attack(says="holds no time")
def a_zone_that_is_a_pipe(work):
    """dateutil opens a time zone's name as a file: a pipe there is waited for, and the class stands still."""
    os.mkfifo(work.folder / "zone")
    (work.folder / "timestamp.txt").write_text(f"2026-01-01 00:00:00 {work.folder}/zone"[:100], encoding="utf-8")


@attack(says="was not handed in")
def a_second_name_of_the_solution(work):
    """A hard link is no link to lstat: plain nbgrader copies what it finds there, here the solution, for all points."""
    target = work.root / "solutions" / "day2" / work.file.name
    file = work.file
    file.unlink()
    os.link(target, file)


@attack(says="was not used")
def files_without_an_end(work):
    """Four terabytes of nothing beside the notebook (a sparse file): whoever hashes or copies the folder never ends."""
    for name in ("big.bin", "more.ipynb", "timestamp.txt"):
        with open(work.folder / name, "wb") as file:
            file.truncate(1 << 42)


@attack(says="is a link")
def a_folder_that_is_proc(work):
    """The day's folder is a link to /proc, where reading some files waits, or ends in the machine's memory."""
    for file in work.folder.iterdir():
        file.unlink()
    work.folder.rmdir()
    work.folder.symlink_to("/proc")


@attack(says="was taken for it")
def copies_that_take_long_to_read(work):
    """The notebook renamed among JSON bombs: each is looked into for it, as long as they are small together."""
    work.file.rename(work.folder / "02_mine.ipynb")
    for number in range(10, 20):
        (work.folder / f"{number}.ipynb").write_bytes(b'{"cells": [' + b"[]," * 2_000_000 + b"[]]}")


@attack(says="very many cells")
def words_without_an_end(work):
    """Forty megabytes of text in cells of one's own: they would be stored, cleaned and shown."""
    text = "\\begin{a}" * 11_000
    work.edit(lambda n: n.cells.extend(nbformat.v4.new_markdown_cell(text) for _ in range(400)))
