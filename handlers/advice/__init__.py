"""What people only want to know, answered at once: from the spokesman's answers, the directory and the roster."""
