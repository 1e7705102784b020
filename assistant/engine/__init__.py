"""What runs inside Rasa's environment (Python 3.10): the channel to the gateway, the tracker store, NLU components."""
