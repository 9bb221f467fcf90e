"""The local cloud: the same CDK app on this machine, with no AWS account."""
