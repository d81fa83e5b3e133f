"""Organisations, persons, accounts, roles: who is who, and who may do what where."""
