"""What happens between the hours: tasks and post."""
