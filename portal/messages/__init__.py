"""The inbox inside the portal: everybody is told once."""
