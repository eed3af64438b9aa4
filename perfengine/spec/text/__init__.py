"""Bytes to a tree of text in which every key and value knows its place."""
