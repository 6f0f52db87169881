"""Timed jobs: one file is one job with ``EVERY`` (a timedelta) and ``run(app, now)``; a missed run loses nothing.

One that waits for other servers says ``SLOW = True`` and gets a thread of its own, never two at once.
"""
