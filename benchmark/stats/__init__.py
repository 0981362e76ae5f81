"""Which differences between methods hold: tests over tissues, intervals, stability of the order."""
