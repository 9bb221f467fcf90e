"""The infrastructure: one CDK app for AWS and for the local cloud, and the commands around it."""
