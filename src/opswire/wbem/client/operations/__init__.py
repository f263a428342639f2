"""The operations of DSP0200, each written once, in mixed-in classes."""
