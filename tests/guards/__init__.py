"""The guards of the house: what must stay true of the project as a whole."""
