"""``python -m marchland`` is the command ``marchland``."""

from marchland.cli.main import run

if __name__ == "__main__":
    run()
