"""TLS to an address with a certificate for a name."""
