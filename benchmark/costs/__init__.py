"""What a run took of the machine: time, memory, GPU and energy."""
