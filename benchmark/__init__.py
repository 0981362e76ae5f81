"""What turns methods, metrics and data into a leaderboard."""
