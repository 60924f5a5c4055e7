"""How the referrals of an agency, or of the country, stand: a board, figures, and the records behind each number."""
