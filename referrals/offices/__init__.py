"""A request by an office that keeps no file: a local government, the Ministry, the Foundation."""
