"""Following one course: its sessions counted, what may come, what is open, and what all courses teach."""
