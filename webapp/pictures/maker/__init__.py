"""The process that makes pictures small and draws cards. It alone imports Pillow, and it is given hostile files."""
