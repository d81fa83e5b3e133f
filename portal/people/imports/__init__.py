"""Organisations and people from the spreadsheets that offices really keep."""
