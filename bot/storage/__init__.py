"""What is kept of conversations: events, feedback, handovers, on SQLAlchemy."""
