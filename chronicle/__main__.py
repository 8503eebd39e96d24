"""`python -m chronicle` is the command `chronicle`."""

from chronicle.cli.main import run

if __name__ == "__main__":
    run()
