"""A real httpd, a real PostgreSQL and the provider sandbox, started for a test and looked after."""
