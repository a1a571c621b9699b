"""An invented council's site: its saved pages, and a server for them on loopback."""
