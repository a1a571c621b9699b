"""What is the same, what is news, what is due, what is too odd. Pure: the state is handed in, as far as it is needed.

``decision`` says what an article is to us, ``likeness`` recognizes reposts,
``schedule`` says when to look again, ``brake`` when to stop.
"""
