"""What a method is given: gene co-expression graphs and the ways to make them."""
