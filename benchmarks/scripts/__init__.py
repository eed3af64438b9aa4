"""What the arms execute in their own processes."""
