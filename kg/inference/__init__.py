"""What follows from the claims by named rules, written as claims of their own: `kg infer`."""
