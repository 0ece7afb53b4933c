"""The channel of WhatsApp."""
