"""Visits to sites: asked for, agreed to, moved; no room is ever taken twice."""
