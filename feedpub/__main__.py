"""``python -m feedpub`` is ``feedpub``."""

from feedpub.cli import main

raise SystemExit(main())
