"""One thin module for each trigger of a Lambda function."""
