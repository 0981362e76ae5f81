"""The leaderboards as text: terminal, Markdown, LaTeX and csv."""
