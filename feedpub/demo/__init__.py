"""A small invented council's site on loopback: what `feedpub demo` reads, and the test-suite with it."""
