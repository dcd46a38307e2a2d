"""Encryption: who is believed, which keys are kept, who is given ours."""
