"""Conflicts of interest of staff: said once, denied both ways, ended by somebody else."""
