"""Full text: two-character tokens and pinyin, found alike on SQLite and PostgreSQL."""
