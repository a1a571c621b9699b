"""A council's years, lived in minutes: feedpub itself on a simulated clock and network, beside a model of the truth.

A seed decides everything: what the council does, how its server fails, what the operator does wrong. The same seed
gives the same bytes. See docs/simulation.md.
"""
