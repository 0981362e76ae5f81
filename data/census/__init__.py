"""Donors from CELLxGENE Census: what is asked of it, which donors are taken, what is kept."""
