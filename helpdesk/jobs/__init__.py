"""Timed jobs: one file is one job with ``EVERY`` (a timedelta) and ``run(app, now)``; a missed run loses nothing."""
