"""What is read of seals and watermarks."""
