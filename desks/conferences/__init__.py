"""Case conferences as pages: which households are to be talked about by when, the material, the working screen."""
