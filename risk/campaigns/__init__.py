"""The survey campaign (전수조사): everybody whom a filter names is asked, and nobody who did not answer is dropped."""
