"""A page's tree, and what is read off it: the tools that learning, scraping and normalizing share."""
