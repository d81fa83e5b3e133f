"""Themed lessons: written, reviewed by a second person, published, given many times."""
