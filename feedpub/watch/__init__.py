"""How each source is, and what its operator is told of that.

``condition`` decides how a source is, from the state alone. ``telling`` decides whether to say it now. The commands say
it; ``status`` shows it; the files of ``[watch]`` carry it to other programs.
"""
