"""The gateway beside other designs: waiting times, throughput, memory, and what a crash loses."""
