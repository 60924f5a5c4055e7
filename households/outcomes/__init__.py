"""What came of the work: jobs, schooling and training, treatments that began."""
