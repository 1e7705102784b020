"""What was done with whose data: the access record, the citizen's restrictions, and both as X-Road services of ours."""
