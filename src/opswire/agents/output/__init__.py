"""What agents and active checks print."""
