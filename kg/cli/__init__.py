"""The command line: commands read off the signatures of what they run; no logic lives here."""
