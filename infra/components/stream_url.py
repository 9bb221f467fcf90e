"""The Function URL of the streaming function, which CloudFront calls."""

from aws_cdk import aws_lambda as lambda_


def stream_url(function: lambda_.IFunction) -> lambda_.FunctionUrl:
    """Add a URL that streams.

    It needs no signature: with an origin access control, whoever sends a body would have to send
    its digest, too. The function itself refuses calls without the edge key.

    Lambda asks for two statements in the function's policy: lambda:InvokeFunctionUrl, and since
    October 2025 lambda:InvokeFunction for calls by a URL. Source: "Control access to Lambda
    function URLs".
    """
    return function.add_function_url(
        auth_type=lambda_.FunctionUrlAuthType.NONE,
        invoke_mode=lambda_.InvokeMode.RESPONSE_STREAM,
    )
