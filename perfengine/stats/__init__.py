"""Pure statistics on numbers. Alone imports scipy."""
