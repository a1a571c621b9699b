"""Write every generated file that differs, and print its name."""

from __future__ import annotations

from tools import man, schema
from tools.manual import ROOT

GENERATED = {schema.FILE: schema.text, man.FILE: man.text}


def main() -> None:
    for path, text in GENERATED.items():
        new = text()
        if not path.exists() or path.read_text(encoding="utf-8") != new:
            path.write_text(new, encoding="utf-8")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
