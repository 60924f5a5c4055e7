"""The half-yearly settlement report (정착실태) of a local government, and its residence-protection register."""
