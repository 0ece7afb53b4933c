"""Understanding: from what a patient types to topics. Rasa components, and the plain parts they are
made of.
"""
