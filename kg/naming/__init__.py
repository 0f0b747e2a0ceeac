"""From a text to the node it means: folded names, an index of them, what mappings call the same."""
