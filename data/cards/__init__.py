"""What is known about data sets without reading them."""
