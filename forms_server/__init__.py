"""The form server: accounts, records and their lifecycle, web forms, and the command line."""
