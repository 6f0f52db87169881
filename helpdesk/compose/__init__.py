"""HOW WE WRITE: templates become text and HTML, notices become finished letters."""
