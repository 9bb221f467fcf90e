"""A Lambda runtime whose functions stream their responses, in the standard library only.

Lambda's own Python runtime sends a response when the function has returned. This one is started in
its place (``AWS_LAMBDA_EXEC_WRAPPER`` names the script ``start``) and sends each piece at once.
"""
