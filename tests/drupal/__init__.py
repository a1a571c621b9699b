"""A small invented council's site on loopback, as Drupal 7 would serve it: for tests, benchmarks and the saved demo."""
