"""What all surfaces share over HTTP: addresses, errors, headers, hosts, encodings, limits on requests."""
