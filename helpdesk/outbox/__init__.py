"""The way out: letters that are queued are handed to the mail server, once each."""
