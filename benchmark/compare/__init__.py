"""Leaderboards: from stored runs to means, scaled scores and ranks."""
