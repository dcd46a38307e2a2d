"""Two people of two networks reach each other, once both said yes."""
