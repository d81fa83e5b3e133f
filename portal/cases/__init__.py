"""Questions, suggestions and supervised cases (督查件), followed until the asker has confirmed."""
