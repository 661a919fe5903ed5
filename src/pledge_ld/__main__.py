"""``python -m pledge_ld``."""

from pledge_ld.cli import main

main()
