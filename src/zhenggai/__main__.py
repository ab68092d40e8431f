"""``python -m zhenggai``: the command line."""

from zhenggai.commands.main import main

if __name__ == "__main__":
    raise SystemExit(main())
