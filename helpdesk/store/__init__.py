"""THE MEMORY: what is kept, in SQLite or PostgreSQL; the only room that speaks SQL (reports read it too)."""
