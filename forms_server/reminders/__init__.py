"""What an account is called to mind of: on a page, in a calendar to subscribe to, and by e-mail."""
