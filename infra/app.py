"""Entry point of the CDK app; the CDK CLI runs it as ``python -m infra.app``."""

import os
import sys

from aws_cdk import App, CliCredentialsStackSynthesizer, Environment, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra.settings import InvalidSettings, Settings, settings_from_context
from infra.stacks.data_stack import DataStack
from infra.stacks.options import StackOptions
from infra.stacks.service_stack import ServiceStack

CONTEXT_KEYS = ("stage", "stages", "emulator_port", "stream_port")


def build_app(app: App) -> App:
    """Add the stacks of the stage that the app's context names."""
    context = {key: app.node.try_get_context(key) for key in CONTEXT_KEYS}
    settings = settings_from_context(context)
    # The CDK CLI says here where it is going to deploy.
    settings.check_region(os.environ.get("CDK_DEFAULT_REGION"))
    data_name, service_name = settings.data_stack_name, settings.service_stack_name
    data = DataStack(app, data_name, settings=settings, options=_options(settings))
    ServiceStack(app, service_name, settings=settings, data=data, options=_options(settings))
    Tags.of(app).add("application", "websocket-spaces")
    Tags.of(app).add("stage", settings.stage)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def _options(settings: Settings) -> StackOptions:
    if not settings.local:
        return StackOptions()
    return StackOptions(
        env=Environment(account="000000000000", region="us-east-1"),
        # The emulator refuses the asset-publishing role of the default synthesizer.
        synthesizer=CliCredentialsStackSynthesizer(),
    )


def main() -> None:
    """Synthesize the stacks; report invalid settings in one line, without a traceback."""
    try:
        build_app(App()).synth()
    except InvalidSettings as error:
        sys.exit(f"Invalid settings: {error}")


if __name__ == "__main__":
    main()
