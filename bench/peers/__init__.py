"""The same work written for other engines, each as its own guide writes it."""
