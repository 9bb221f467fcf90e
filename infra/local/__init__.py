"""The local cloud: the same CDK app on this machine, without an AWS account."""
