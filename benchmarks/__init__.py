"""Measurements that anyone can rerun: `python -m benchmarks`, from the environment of the lock.

Machines are noisy, so rivals take turns, every figure is a median of rounds, and what is worth
reading is the ratio. Each run writes RESULTS.md.
"""
