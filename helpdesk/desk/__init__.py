"""WHAT SHOULD HAPPEN? Tickets, people, matching, routing and the decision; pure functions of values."""
