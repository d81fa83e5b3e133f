"""Demonstration sites, their rooms and hours, routes that join them, and the map."""
