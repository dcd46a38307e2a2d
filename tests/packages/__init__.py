"""What is given to operators: the wheel, the image, and everything in deploy/."""
