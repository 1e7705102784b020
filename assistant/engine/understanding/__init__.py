"""What a request means: words, lemmas, word vectors, the network that ranks intents. Knows nothing of Rasa."""
