"""What a run stood on besides its plan: the machine as the kernel tells it, and the commit of the workload."""
