"""Who comes into rooms, leaves them, is asked into them, and stands outside of them."""
