"""Proofs that others can check: signed checkpoints of the log, tiles, and what a folder of them shows."""
