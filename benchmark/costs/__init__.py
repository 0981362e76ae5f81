"""What a run took of the machine: time, memory and energy."""
