"""What breaks first as a gateway grows: real code over AWS's quotas, in simulated time."""
