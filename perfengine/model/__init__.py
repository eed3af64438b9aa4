"""The frozen values that rooms hand to each other. No behaviour beyond what the value itself knows."""
