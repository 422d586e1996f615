"""`cointrail classroom`: a JupyterHub on this machine."""

import argparse

HELP = """\
Serve the course to a class from this machine (Linux, or WSL2 on Windows): participants need a browser and nothing else.
Each person of grading/classroom/roster.csv (columns student_id,name,docket) gets a code, and a room that is walled off
from truth, solutions and everybody else by bubblewrap. No account on the machine is needed, and no root.

  cointrail classroom                        on this machine only: to try it out
  cointrail classroom --ip 0.0.0.0           for the room's network; participants open http://THIS-MACHINE:8000
  cointrail collect --classroom day2         take everybody's work of day 2 as it lies there now
  cointrail grade day2

Plan half a gigabyte of memory for each participant. The page is plain HTTP: use it in a network of your own, or put
your office's HTTPS proxy in front. Code of participants can reach whatever this machine can reach.
"""


def add_parser(subparsers):
    parser = subparsers.add_parser("classroom", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ip", default="127.0.0.1", help="the address to listen at; 0.0.0.0 is every one")
    parser.add_argument("--port", type=int, default=8000, help="8000 when left out")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.errors import CointrailError
    from cointrail.grading.desk import course_root

    try:
        from cointrail.classroom.hub import open_classroom
    except ImportError as error:
        raise CointrailError(
            f"The classroom needs {error.name}, which is not installed here. On Linux, run: python start.py classroom"
        ) from error
    return open_classroom(course_root(), ip=args.ip, port=args.port)
