"""Hands-on exercises: a form with reference answers, filled in field by field."""
