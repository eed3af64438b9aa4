"""`python -m perfengine` is the `perfengine` command."""

from perfengine.cli.app import main

if __name__ == "__main__":
    main()
