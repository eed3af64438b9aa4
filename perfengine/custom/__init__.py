"""Operations written in Python: marking them, finding them in a file, binding them to a session."""
