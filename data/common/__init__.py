"""What every part of the suite uses: errors, registries, text, whole files."""
