"""Gene-embedding methods: graphs in, one vector per gene of every graph out."""
