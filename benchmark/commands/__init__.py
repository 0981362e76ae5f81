"""The commands of ``bench``, one file each, imported only when called."""
