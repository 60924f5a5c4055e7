"""Forms of the register: what people type, checked kindly before the database checks it for good."""
