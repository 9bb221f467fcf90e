"""The streaming function on this machine: CloudFront, Function URL and Lambda in one HTTP server.

The emulator's Lambda sends a response when it is complete. This front runs processes of the same
function, each by the Lambda Runtime API, and passes on each piece of a response as it comes.
"""
