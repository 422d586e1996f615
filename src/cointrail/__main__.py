"""`python -m cointrail` is the command `cointrail`."""

import sys

from cointrail.cli import main

sys.exit(main())
