"""The staff page that goes on without a network: what it keeps, takes back, and writes down."""
