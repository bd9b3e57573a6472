"""Lets `python -m redwood_inngest` run the command."""

from .cli.main import main

main(prog_name="redwood-inngest")
