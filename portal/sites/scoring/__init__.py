"""The score sheet of a site: off by default, on only with an approving document (DOMAIN 2.11)."""
