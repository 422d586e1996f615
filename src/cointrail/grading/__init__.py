"""The instructor's desk: questions and keys, running submissions, scoring them outside, feedback, building the course.

Two trust zones. `execute` runs a submission's code in a process of its own that is handed no truth, no plain key and no
gradebook. Everything else here is the trusted side: it reads answer records as bounded JSON and decides alone.
"""

import sys

# jsonschema, which nbformat needs, would load a grammar of web addresses in every process of a run: a second each time,
# for a check that no notebook asks for
sys.modules.setdefault("rfc3987_syntax", None)
