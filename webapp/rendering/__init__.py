"""What pages share: the context around their content, how they are rendered, and their static files."""
