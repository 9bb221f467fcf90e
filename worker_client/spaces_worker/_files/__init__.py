"""Files of requests: transfer, retries and the folder of a request."""
