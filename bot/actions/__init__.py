"""What a person may do, one function each, called by telegram/, web/ and pipeline/ alike."""
