"""Materials: files judged by their content, kept once, shown to whom they are meant for."""
