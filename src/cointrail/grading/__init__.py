"""The instructor's desk: questions and keys, running submissions, scoring them outside, feedback, building the course.

Two trust zones. `execute` runs a submission's code in a process of its own that is handed no truth, no plain key and no
gradebook. Everything else here is the trusted side: it reads answer records as bounded JSON and decides alone.
"""
