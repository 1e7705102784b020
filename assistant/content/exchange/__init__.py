"""Projects of Rasa and Bürokratt, in and out: no loss, and nothing that does not map goes unsaid."""
