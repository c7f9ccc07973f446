"""Every act on a petition. Each takes the session, the county and `at`; none commits, none touches the wire."""
