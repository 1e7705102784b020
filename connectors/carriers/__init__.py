"""What telephone calls over a carrier's WebSocket have in common, whatever the carrier sends: words or sound."""
