"""What is kept of a patient: for how long, shown and deleted when asked."""
