"""The engines. `registry` lists them; each module of one declares what it is."""
