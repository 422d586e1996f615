"""Read by JupyterHub when `cointrail classroom` starts it."""

from cointrail.classroom.hub import configure

configure(get_config())  # noqa: F821  JupyterHub hands this function in
