"""What courses look like: sudden gains, early response, the courses of the people most alike."""
