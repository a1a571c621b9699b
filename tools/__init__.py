"""What is generated from the program and its manual, and is in the repository: `python -m tools` writes it again."""
