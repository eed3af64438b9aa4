"""From integers to distributions: recorder, HDR counts, summary. hdrh is imported in one file."""
