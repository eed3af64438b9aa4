"""What the arms execute in their own processes; two of the files run in the environment of the other tools."""
