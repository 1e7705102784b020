"""What happens in a turn: listen -> understand -> act -> present -> speak."""
