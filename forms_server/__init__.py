"""Who reports, and when: accounts, records and their life, the web forms, and the command line."""
