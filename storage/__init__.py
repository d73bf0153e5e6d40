"""Storage keeps: what platforms said, what we know, what is due. It never touches the network."""
