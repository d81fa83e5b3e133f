"""Doors (门口): what stands at the door of an event: passes, tokens of devices, their API."""
