"""The resemblance matcher measured: accuracy, real pairs, speed; and the scripts that learn its tables."""
