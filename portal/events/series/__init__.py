"""Events that come again: by a rhythm (a series), or from a form that was kept (a template)."""
