"""From counts to profiles and edges."""
