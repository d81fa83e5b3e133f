"""The demo data: the sub-district of the news report, with invented people and their year."""
