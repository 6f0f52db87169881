"""The way in: mail is fetched over IMAP or read from files, and kept before anything else happens to it."""
