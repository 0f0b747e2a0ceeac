"""One file with live SPARQL: the dataset, the engine and an editor in a page that opens from disk and loads nothing."""
