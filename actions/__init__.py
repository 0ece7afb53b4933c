"""The edge to Rasa: slots in, a sentence out."""
