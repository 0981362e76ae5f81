"""What `import genearena as ga` offers, in the manner of scanpy; each part is imported when used.

Thin: everything is computed by what the commands of ``bench`` call, too.
"""
