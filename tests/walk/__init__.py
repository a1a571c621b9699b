"""docs/operator.md, walked: a machine of its own, made of namespaces, and the world around it.

``inside.sh`` makes the machine and follows the page. ``world.py`` is what lies beyond it: the council's site, the
service that watches, and the proxy by which both are reached under their names.
"""
