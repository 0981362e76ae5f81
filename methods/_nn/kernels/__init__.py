"""Compiled loops of training steps on a CPU."""
