"""Timed jobs: one file is one job with ``EVERY`` (a timedelta) and ``run(app, now)``; missing a run never loses anything."""
