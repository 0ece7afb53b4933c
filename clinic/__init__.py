"""The product in plain Python. Rasa is known only in nlu/, channels/ and conversations/."""
