"""``python -m feedpub`` is ``feedpub``. A module that cannot be loaded gives one line, like any other failure."""

import sys


def main() -> int:
    try:
        from feedpub.cli import main as command
    except (ImportError, OSError, MemoryError) as error:
        sys.stderr.write(f"feedpub: the program cannot be loaded: {error}; the next run tries again\n")
        return 1
    return command()


if __name__ == "__main__":
    raise SystemExit(main())
